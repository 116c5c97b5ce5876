import type { Json, JsonObject } from "./json.ts";
import { readPath } from "./json-path.ts";

const PLACEHOLDER = /\$\{input\.([^{}]+)\}/g;

/**
 * Compiles one text of a request template. `input.<path>` and `${input.<path>}` as the whole text yield
 * the value itself, undefined where it is missing. Between other text a placeholder yields text: a
 * missing value "", null "null", maps and lists JSON. Every other text is itself.
 */
export function compileTemplateText(text: string): (input: JsonObject) => Json | undefined {
  if (text.startsWith("input.")) return reader(text.slice("input.".length));
  // Odd parts are paths: split keeps what the group of the pattern caught.
  const parts = text.split(PLACEHOLDER);
  if (parts.length === 1) return () => text;
  const [before, path = "", after] = parts;
  if (parts.length === 3 && before === "" && after === "") return reader(path);
  const pieces = parts.map((part, index) => (index % 2 === 0 ? part : reader(part)));
  return (input) => {
    let rendered = "";
    for (const piece of pieces)
      rendered += typeof piece === "string" ? piece : toText(piece(input));
    return rendered;
  };
}

function reader(path: string): (input: JsonObject) => Json | undefined {
  const segments = path.split(".");
  return (input) => readPath(input, segments);
}

function toText(value: Json | undefined): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
