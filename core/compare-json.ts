import { isJsonObject, type Json } from "./json.ts";
import { getOwn } from "./own-property.ts";

/** The way to a value: keys of objects, positions of lists. */
export type JsonSegment = string | number;

/** One place at which two JSON values differ; `path` is empty where the values themselves do. */
export type JsonChange = { path: readonly JsonSegment[] } & (
  | { kind: "added"; after: Json }
  | { kind: "changed"; before: Json; after: Json }
  | { kind: "removed"; before: Json }
);

/**
 * Where two JSON values differ, as few places as possible: what is added or removed is named once, not with all that
 * is in it. Lists are compared by position. Nothing is told exactly where the values are equal (`jsonEquals`).
 */
export function* compareJson(
  before: Json,
  after: Json,
  path: readonly JsonSegment[] = [],
): Generator<JsonChange> {
  if (before === after) return;
  if (Array.isArray(before) && Array.isArray(after)) {
    for (let index = 0; index < Math.max(before.length, after.length); index += 1)
      yield* compareMember(before[index], after[index], path, index);
  } else if (isJsonObject(before) && isJsonObject(after)) {
    for (const [key, value] of Object.entries(before))
      yield* compareMember(value, getOwn(after, key), path, key);
    for (const [key, value] of Object.entries(after))
      if (!Object.hasOwn(before, key)) yield { path: [...path, key], kind: "added", after: value };
  } else {
    yield { path, kind: "changed", before, after };
  }
}

/** Most members are equal plain values: they cost no path and no generator. */
function compareMember(
  before: Json | undefined,
  after: Json | undefined,
  holder: readonly JsonSegment[],
  segment: JsonSegment,
): Iterable<JsonChange> {
  if (before === after) return [];
  const path = [...holder, segment];
  if (before === undefined) return after === undefined ? [] : [{ path, kind: "added", after }];
  if (after === undefined) return [{ path, kind: "removed", before }];
  return compareJson(before, after, path);
}
