import type { Json } from "../../core/json.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { parseJsonText } from "./json-text.ts";
import { readNamedText } from "./text-source.ts";

/** The value of `--payload`: JSON, or the file or standard input that `@` names. Throws a usage error for no JSON. */
export async function readPayload(payload: string, terminal: Terminal): Promise<Json> {
  if (!payload.startsWith("@")) return parseJsonText(payload, "--payload");
  const { text, source } = await readNamedText(payload, terminal);
  return parseJsonText(text, source);
}
