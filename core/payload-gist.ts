import { isSecretName } from "./secret-names.ts";
import { isJsonObject, type Json, type JsonObject } from "./json.ts";

/** Names that people tell things apart by, the most telling first. */
const TELLING =
  /^(to|recipient|customer|name|title|subject|account|id|key|amount|value|item|text)$/i;

const MAX_PARTS = 3;
const MAX_CHARACTERS = 120;

/**
 * What tells a payload apart in a list: up to three of its short values with their names, the telling ones first.
 * Empty where it holds none; what is named like a secret is left out. One line of at most 120 characters.
 */
export function payloadGist(payload: JsonObject): string {
  const parts: { name: string; text: string }[] = [];
  collect(payload, parts, 0);
  const telling = parts.filter(({ name }) => TELLING.test(name));
  const others = parts.filter((part) => !telling.includes(part));
  const chosen = [...telling, ...others].slice(0, MAX_PARTS);
  const gist = chosen.map(({ name, text }) => `${name} ${text}`).join(" · ");
  return gist.length <= MAX_CHARACTERS ? gist : `${gist.slice(0, MAX_CHARACTERS - 1)}…`;
}

/** Values of the payload and of the maps directly in it; deeper ones tell nobody anything. */
function collect(value: JsonObject, parts: { name: string; text: string }[], depth: number): void {
  for (const [name, inner] of Object.entries(value)) {
    if (isSecretName(name)) continue;
    const text = textOf(inner);
    if (text !== null) parts.push({ name, text });
    else if (isJsonObject(inner) && depth === 0) collect(inner, parts, depth + 1);
  }
}

function textOf(value: Json): string | null {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value !== "string") return null;
  const line = value.replaceAll(/[\s\p{Cc}]+/gu, " ").trim();
  if (line === "") return null;
  return line.length <= 60 ? line : `${line.slice(0, 59)}…`;
}
