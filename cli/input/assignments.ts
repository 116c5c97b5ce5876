import { usageError } from "../cli-error.ts";

/** One `name=value` of an option that may be given several times. */
export type Assignment = { name: string; value: string };

/** Reads `name=value`; the value may hold further equals signs and may be empty. */
export function parseAssignment(text: string, option: string): Assignment {
  const at = text.indexOf("=");
  if (at > 0) return { name: text.slice(0, at), value: text.slice(at + 1) };
  throw usageError(`${option} ${text} is not name=value.`, {
    hint: `Write for example ${option} ${at === 0 ? "name" : text}=value.`,
  });
}

/** The assignments as one object; a name that stands twice is a mistake. */
export function toRecord(texts: readonly string[], option: string): Record<string, string> {
  const pairs = texts.map((text) => parseAssignment(text, option));
  const names = pairs.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw usageError(`${option} sets ${twice} twice.`);
  return Object.fromEntries(pairs.map(({ name, value }) => [name, value]));
}
