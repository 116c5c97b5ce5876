import { isJsonObject, type Json, type JsonObject } from "../core/json.ts";
import type { CliError } from "./cli-error.ts";
import { toOneLine } from "./terminal/one-line.ts";
import type { TableStyle } from "./terminal/render-table.ts";
import { wrapText } from "./terminal/wrap-text.ts";

const MOST_FIELDS = 10;
const LABEL_WIDTH = 7;
const INDENT = " ".repeat(2 + LABEL_WIDTH);

export type ErrorStyle = Pick<TableStyle, "width" | "paint">;

/** An error for people: code and message first, then where, what to do, and the trace to name when asking for help. */
export function formatError(error: CliError, { width, paint }: ErrorStyle): string {
  const head = `orca: ${toOneLine(error.code)}:`;
  const [first = "", ...more] = wrapText(`${head} ${toOneLine(error.message)}`, width, "  ");
  const lines = [first.replace(head, () => paint("bad", head)), ...more];
  const say = (label: string, text: string) =>
    lines.push(...wrapText(`  ${label.padEnd(LABEL_WIDTH)}${toOneLine(text)}`, width, INDENT));
  for (const line of error.excerpt) lines.push(`  ${line}`);
  const fields = fieldsOf(error.details);
  if (fields.length > 1) {
    for (const field of fields.slice(0, MOST_FIELDS)) say("at", field);
    if (fields.length > MOST_FIELDS)
      say("at", `… ${fields.length - MOST_FIELDS} more (--json shows all)`);
  }
  if (error.hint !== undefined) say("hint", error.hint);
  if (error.traceId !== undefined) say("trace", error.traceId);
  return lines.join("\n");
}

/** An error for programs, in the shape that the API has (contract.md §10). */
export function errorDocument(error: CliError): JsonObject {
  const { code, message, hint, details, traceId } = error;
  return {
    error: {
      code,
      message,
      ...(hint === undefined ? {} : { hint }),
      ...(details === undefined ? {} : { details }),
    },
    trace_id: traceId ?? null,
  };
}

/** The single problems of an input, as the API lists them: by its schema (`fields`) or by a skill's contract (`problems`). */
function fieldsOf(details: JsonObject | undefined): string[] {
  return [...pairsOf(details?.fields, "message"), ...pairsOf(details?.problems, "problem")];
}

function pairsOf(list: Json | undefined, key: string): string[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((item) => {
    const what = isJsonObject(item) ? item[key] : undefined;
    return isJsonObject(item) && typeof item.path === "string" && typeof what === "string"
      ? [`${item.path}: ${what}`]
      : [];
  });
}
