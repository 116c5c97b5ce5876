import { isJsonObject, type Json } from "./json.ts";

export const DOCUMENT_KINDS = [
  "capability",
  "skill",
  "binding",
  "service",
  "default_selection",
] as const;
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];

export const SKILL_CHANNELS = ["local", "experimental", "community", "official"] as const;
export type SkillChannel = (typeof SKILL_CHANNELS)[number];

/** Where a file lies in a registry: what it must be, why it is left alone, or nothing known. */
export type FilePlace =
  | { kind: Exclude<DocumentKind, "skill">; expectedId: string | null }
  | { kind: "skill"; channel: SkillChannel; expectedId: string }
  | { kind: "ignored"; reason: string }
  | { kind: "unknown" };

const FOLDERS = ["capabilities", "skills", "bindings", "services", "vocabulary"];

/** What the path of a file says about it. Whatever lies above the registry's own folders does not matter. */
export function findFilePlace(path: string): FilePlace {
  const segments = path
    .replaceAll("\\", "/")
    .split("/")
    .filter((segment) => segment !== "" && segment !== ".");
  const name = segments.at(-1) ?? "";
  if (!/\.ya?ml$/i.test(name)) return ignored("it is not a YAML file");
  if (/^official_default_selection\.ya?ml$/.test(name))
    return { kind: "default_selection", expectedId: null };
  const folderAt = segments.findLastIndex(
    (segment, index) => index < segments.length - 1 && FOLDERS.includes(segment),
  );
  const inside = segments.slice(folderAt + 1);
  if (isSkillFile(segments)) return findSkillPlace(segments);
  switch (segments[folderAt]) {
    case "capabilities":
      if (name.startsWith("_"))
        return ignored("files whose name starts with _ are not capabilities");
      return { kind: "capability", expectedId: name.replace(/\.ya?ml$/i, "") };
    case "bindings":
      return { kind: "binding", expectedId: null };
    case "services":
      if (inside.includes("specs"))
        return ignored("specifications of services are not registry documents");
      return { kind: "service", expectedId: null };
    case "vocabulary":
      return ignored("the vocabulary is not imported");
    default:
      return { kind: "unknown" };
  }
}

/** What the content of a document looks like, for files whose path says nothing. */
export function findContentKind(document: Json): DocumentKind | null {
  if (!isJsonObject(document)) return null;
  const has = (...keys: string[]) => keys.every((key) => Object.hasOwn(document, key));
  if (has("steps")) return "skill";
  if (has("capability", "service") || has("capability", "operation")) return "binding";
  if (has("defaults") && !has("id")) return "default_selection";
  if (has("module") || has("base_url") || has("spec_ref") || has("server") || has("id", "kind"))
    return "service";
  if (
    has("id") &&
    (has("properties") ||
      has("inputs") ||
      has("outputs") ||
      has("extends") ||
      has("cognitive_hints"))
  ) {
    return "capability";
  }
  return null;
}

function isSkillFile(segments: string[]): boolean {
  return /^skill\.ya?ml$/.test(segments.at(-1) ?? "") && segments.includes("skills");
}

function findSkillPlace(segments: string[]): FilePlace {
  if (segments.includes("TEMPLATE")) return ignored("the skill template is not a skill");
  const [folder, channel, domain, slug] = segments.slice(-5, -1);
  const known = SKILL_CHANNELS.find((each) => each === channel);
  if (folder !== "skills" || known === undefined) return { kind: "unknown" };
  return { kind: "skill", channel: known, expectedId: `${domain}.${slug}` };
}

function ignored(reason: string): FilePlace {
  return { kind: "ignored", reason };
}
