import { readFile } from "node:fs/promises";
import { usageError } from "../cli-error.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** A text and what to call the place that it came from. */
export type NamedText = { text: string; source: string };

/** The text that `@path` or `@-` (standard input) names. */
export async function readNamedText(
  reference: string,
  { readStdin }: Pick<Terminal, "readStdin">,
): Promise<NamedText> {
  const path = reference.slice(1);
  if (path === "-") return { text: await readStdin(), source: "standard input" };
  if (path === "") throw usageError("@ is followed by no file name.");
  try {
    const bytes = await readFile(path);
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), source: path };
  } catch (cause) {
    throw usageError(`${path} cannot be read: ${reasonOf(cause)}.`, { cause });
  }
}

/** Why a file could not be read, in words. */
export function reasonOf(thrown: unknown): string {
  if (thrown instanceof TypeError) return "it is not UTF-8 text";
  const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
  return REASONS[code] ?? (thrown instanceof Error ? thrown.message : String(thrown));
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a directory",
  EACCES: "you may not read it",
  ENOTDIR: "a part of the path is a file",
};
