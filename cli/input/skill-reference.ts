import { usageError } from "../cli-error.ts";

export type SkillReference = {
  id: string;
  /** Null: the newest one. */
  version: string | null;
};

/** Reads `id` or `id@version`. */
export function parseSkillReference(text: string): SkillReference {
  const [id = "", version, ...rest] = text.split("@");
  if (id !== "" && version !== "" && rest.length === 0) return { id, version: version ?? null };
  throw usageError(`${text} is not the name of a skill.`, {
    hint: "Write its id, such as document.digest, or id@version.",
  });
}
