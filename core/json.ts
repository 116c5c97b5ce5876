/** Keys that stand in JSON as they are; most do. */
const PLAIN_KEY = /^[\w.-]*$/;

/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A JSON object. */
export type JsonObject = { [key: string]: Json };

/** True for a JSON object: not null, not a list. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * RFC 8785 (JCS) text of a value: what every hash in the product is taken over. Throws for texts that are not
 * well-formed Unicode. Own code because every step with effects hashes twice: the library that the tests compare it
 * with takes twice the time.
 */
export function toCanonicalJson(value: Json): string {
  if (typeof value === "string") return textOf(value);
  // Numbers and literals are written as ECMAScript does, which is what the RFC asks for.
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return Array.isArray(value) ? listOf(value) : mapOf(value);
}

function textOf(text: string): string {
  if (!text.isWellFormed()) throw new TypeError("A text holds half of a surrogate pair.");
  return JSON.stringify(text);
}

function listOf(items: readonly Json[]): string {
  let text = "";
  for (const item of items) text += `${text === "" ? "" : ","}${toCanonicalJson(item)}`;
  return `[${text}]`;
}

function mapOf(members: Readonly<Record<string, Json | undefined>>): string {
  const keys = Object.keys(members);
  // By UTF-16 code units, as the RFC asks for and as `sort` does by itself.
  if (keys.length > 1) keys.sort();
  let text = "";
  for (const key of keys) {
    const value = members[key];
    if (value === undefined) continue;
    const name = PLAIN_KEY.test(key) ? `"${key}"` : textOf(key);
    text += `${text === "" ? "" : ","}${name}:${toCanonicalJson(value)}`;
  }
  return `{${text}}`;
}

/** Deep equality of two JSON values; the order of keys does not matter. */
export function jsonEquals(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return (
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((item, index) => jsonEquals(item, b[index]))
    );
  }
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && jsonEquals(a[key], b[key]))
  );
}

const UTF_8 = new TextEncoder();

/** The size of a value's JSON text in bytes of UTF-8. */
export function jsonBytes(value: Json): number {
  return UTF_8.encode(JSON.stringify(value)).length;
}
