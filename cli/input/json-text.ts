import { findJsonError } from "../../core/json-error.ts";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";
import { JsonSchema } from "../../core/field.ts";
import { usageError } from "../cli-error.ts";
import { toPrintable } from "../terminal/one-line.ts";
import { textWidth } from "../terminal/text-width.ts";

/** Of a long line, so much is shown around the mistake. */
const EXCERPT_CHARACTERS = 60;

/** The value of a JSON text; a usage error names `source`, line and column, and shows the line. */
export function parseJsonText(text: string, source: string): Json {
  try {
    return JsonSchema.parse(JSON.parse(text));
  } catch {
    const { line, column } = findJsonError(text) ?? { line: 1, column: 1 };
    if (text.trim() === "") throw usageError(`${source} is empty; expected JSON.`);
    throw usageError(`${source}:${line}:${column} is not JSON.`, {
      excerpt: excerptOf(text, line, column),
    });
  }
}

/** The same for a text that must be an object. */
export function parseJsonObject(text: string, source: string): JsonObject {
  const value = parseJsonText(text, source);
  if (isJsonObject(value)) return value;
  const found = value === null ? "null" : Array.isArray(value) ? "a list" : `a ${typeof value}`;
  throw usageError(`${source} holds ${found}; expected an object like {"text": "…"}.`);
}

function excerptOf(text: string, line: number, column: number): string[] {
  const whole = text.split("\n")[line - 1] ?? "";
  const from = Math.max(0, column - 1 - EXCERPT_CHARACTERS / 2);
  const [before, after] = [whole.slice(from, column - 1), whole.slice(column - 1)];
  const shownBefore = (from > 0 ? "…" : "") + toPrintable(before);
  const shownAfter = toPrintable(after.slice(0, EXCERPT_CHARACTERS)).trimEnd();
  const label = `${line} | `;
  return [
    `${label}${shownBefore}${shownAfter}`,
    `${" ".repeat(label.length + textWidth(shownBefore))}^`,
  ];
}
