import type { Json } from "../../core/json.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { parseJsonText } from "./json-text.ts";
import { readNamedText } from "./text-source.ts";

/** The value of an option: JSON, or the file or standard input that `@` names. Throws a usage error for no JSON. */
export async function readJson(value: string, option: string, terminal: Terminal): Promise<Json> {
  if (!value.startsWith("@")) return parseJsonText(value, option);
  const { text, source } = await readNamedText(value, terminal);
  return parseJsonText(text, source);
}
