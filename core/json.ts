import canonicalize from "canonicalize";

/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A JSON object. */
export type JsonObject = { [key: string]: Json };

/** True for a JSON object: not null, not a list. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** RFC 8785 (JCS) text of a value: what every hash in the product is taken over. */
export function toCanonicalJson(value: Json): string {
  return canonicalize(value) ?? "null";
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
