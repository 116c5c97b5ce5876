import { z } from "zod";
import { DomainError } from "../../../../core/errors.ts";
import { findJsonError } from "../../../../core/json-error.ts";
import { isJsonObject, type Json } from "../../../../core/json.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";

const MAX_DEPTH = 200;

/** Reads JSON text; the error names line and column. A text that is a JSON object or list inside a code fence is read too, and a
 * key named `__proto__` is left out. */
export function parseJsonText(text: string): Json {
  const body = withoutFence(text.trim());
  const depth = deepest(body);
  if (depth > MAX_DEPTH)
    throw new DomainError(
      "invalid_request",
      `The JSON is nested ${depth} deep; at most ${MAX_DEPTH} is read.`,
    );
  try {
    return z.json().parse(JSON.parse(body));
  } catch (error) {
    const found = findJsonError(body);
    const place = found === null ? "its end" : `line ${found.line}, column ${found.column}`;
    throw new DomainError(
      "invalid_request",
      `The text is not JSON: it stops making sense at ${place}.`,
      {
        hint: "Check quotes, commas and brackets there.",
        cause: error,
      },
    );
  }
}

/** Reads `text` as JSON. `data` is always an object: a list or plain value comes as `{value: …}`. */
export const parseJson: Builtin = (input) => {
  const value = parseJsonText(new InputReader(input).text("text"));
  return {
    data: isJsonObject(value) ? value : { value },
    kind: Array.isArray(value) ? "array" : value === null ? "null" : typeof value,
    status: "ok",
    rationale: "Read as JSON.",
  };
};

function withoutFence(text: string): string {
  if (!text.startsWith("```")) return text;
  const start = text.indexOf("\n") + 1;
  const end = text.lastIndexOf("```");
  return end > start ? text.slice(start, end).trim() : text;
}

function deepest(text: string): number {
  let depth = 0;
  let most = 0;
  let isText = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (isText && character === "\\") at += 1;
    else if (character === '"') isText = !isText;
    else if (!isText && (character === "{" || character === "["))
      most = Math.max(most, (depth += 1));
    else if (!isText && (character === "}" || character === "]")) depth -= 1;
  }
  return most;
}
