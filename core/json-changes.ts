import { isJsonObject, jsonEquals, type Json } from "./json.ts";
import { placeInside } from "./json-path.ts";
import { getOwn } from "./own-property.ts";

/** One place where two values differ; `path` is such as `vars.items[3].name`, "" for the whole. */
export type JsonChange = {
  path: string;
  kind: "added" | "changed" | "removed";
  before?: Json;
  after?: Json;
};

/**
 * Where two values differ, each place as deep as it goes: maps by key, lists by position, everything else as a whole.
 * Keys stand in the order of `before`, then those that `after` adds. Empty where the values are equal.
 */
export function jsonChanges(before: Json, after: Json): JsonChange[] {
  const changes: JsonChange[] = [];
  // A stack of one's own: the depth of outside data must not be the depth of calls.
  const stack: Pair[] = [{ path: "", before, after }];
  for (let pair = stack.pop(); pair !== undefined; pair = stack.pop()) {
    const children = childrenOf(pair);
    if (children === null) changes.push(...changeOf(pair));
    else for (const child of children.toReversed()) stack.push(child);
  }
  return changes;
}

type Pair = { path: string; before: Json | undefined; after: Json | undefined };

/** What to compare one level deeper, without what is plainly the same; null where the two are to be compared as they are. */
function childrenOf({ path, before, after }: Pair): Pair[] | null {
  const pairs: Pair[] = [];
  const add = (segment: string | number, old: Json | undefined, now: Json | undefined) => {
    if (old !== now) pairs.push({ path: placeInside(path, segment), before: old, after: now });
  };
  if (Array.isArray(before) && Array.isArray(after)) {
    for (let index = 0; index < Math.max(before.length, after.length); index += 1)
      add(index, before[index], after[index]);
    return pairs;
  }
  if (!isJsonObject(before) || !isJsonObject(after)) return null;
  for (const [key, value] of Object.entries(before)) add(key, value, getOwn(after, key));
  for (const [key, value] of Object.entries(after))
    if (!Object.hasOwn(before, key)) add(key, undefined, value);
  return pairs;
}

function changeOf({ path, before, after }: Pair): JsonChange[] {
  if (before === undefined) return after === undefined ? [] : [{ path, kind: "added", after }];
  if (after === undefined) return [{ path, kind: "removed", before }];
  return jsonEquals(before, after) ? [] : [{ path, kind: "changed", before, after }];
}
