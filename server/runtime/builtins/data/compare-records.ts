import { isJsonObject, jsonEquals, type Json, type JsonObject } from "../../../../core/json.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { readPath } from "./read-path.ts";

/** One place where two values differ; the side that lacks it is null. */
export type Difference = { field: string; kind: "added" | "removed" | "changed"; a: Json; b: Json };

const MAX_DIFFERENCES = 10_000;

/** Every place where two JSON values differ, as dotted paths; lists are compared by index. */
export function findDifferences(
  a: Json,
  b: Json,
  path = "",
  found: Difference[] = [],
): Difference[] {
  if (found.length >= MAX_DIFFERENCES || jsonEquals(a, b)) return found;
  const bothMaps = isJsonObject(a) && isJsonObject(b);
  const bothLists = Array.isArray(a) && Array.isArray(b);
  if (!bothMaps && !bothLists) {
    found.push({ field: path === "" ? "$" : path, kind: "changed", a, b });
    return found;
  }
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const [left, right] = [readPath(a, key), readPath(b, key)];
    const field = path === "" ? key : `${path}.${key}`;
    if (left === undefined) found.push({ field, kind: "added", a: null, b: right ?? null });
    else if (right === undefined) found.push({ field, kind: "removed", a: left, b: null });
    else findDifferences(left, right, field, found);
  }
  return found;
}

/** Compares two records (only `key_fields` where given): `differences` by path, `similarity` is the share of equal fields. */
export const compareRecords: Builtin = (input) => {
  const given = new InputReader(input);
  const fields = given.texts("key_fields", []);
  const only = (record: JsonObject): JsonObject =>
    fields.length === 0
      ? record
      : Object.fromEntries(fields.map((field) => [field, readPath(record, field) ?? null]));
  const [a, b] = [only(given.object("record_a")), only(given.object("record_b"))];
  const differences = findDifferences(a, b);
  const all = new Set([...Object.keys(a), ...Object.keys(b)]);
  const same = [...all].filter((field) => jsonEquals(a[field], b[field])).length;
  return {
    match: differences.length === 0,
    differences,
    similarity: all.size === 0 ? 1 : Math.round((same / all.size) * 100) / 100,
    status: "ok",
    rationale:
      differences.length === 0 ? "The records are equal." : `${differences.length} places differ.`,
  };
};
