import fc from "fast-check";
import { expect, test } from "vitest";
import { compareJson, type JsonChange, type JsonSegment } from "./compare-json.ts";
import { isJsonObject, jsonEquals, type Json } from "./json.ts";

const json = fc.json({ maxDepth: 4 }).map((text): Json => JSON.parse(text));
const listed = (before: Json, after: Json) => [...compareJson(before, after)];

/** A value and another that came from it by a few edits, so that most of both is the same. */
const edited = fc.tuple(json, json, json).map(([kept, dropped, added]): [Json, Json] => [
  { kept, dropped, both: [kept, { deep: dropped }] },
  { both: [kept, { deep: added }, added], added, kept },
]);

test("the changes applied to the old value give the new one", () => {
  fc.assert(
    fc.property(fc.oneof(fc.tuple(json, json), edited), ([before, after]) => {
      expect(jsonEquals(applyChanges(before, listed(before, after)), after)).toBe(true);
    }),
  );
});

test("there is no change exactly where the values are equal", () => {
  fc.assert(
    fc.property(fc.oneof(fc.tuple(json, json), edited), json, ([before, after], same) => {
      expect(listed(before, after).length === 0).toBe(jsonEquals(before, after));
      expect(listed(same, structuredClone(same))).toEqual([]);
    }),
  );
});

test("the other way round, what was added is removed and what changed changes back", () => {
  fc.assert(
    fc.property(edited, ([before, after]) => {
      const back = listed(after, before);
      expect(jsonEquals(applyChanges(after, back), before)).toBe(true);
      expect(back.length).toBe(listed(before, after).length);
    }),
  );
});

test("what is added or removed is named once, whatever is in it, and a list's end apart from its start", () => {
  expect(listed({ a: [1, 2], b: { c: {} } }, { a: [1, 3, { x: 1 }], d: { e: [1] } })).toEqual([
    { path: ["a", 1], kind: "changed", before: 2, after: 3 },
    { path: ["a", 2], kind: "added", after: { x: 1 } },
    { path: ["b"], kind: "removed", before: { c: {} } },
    { path: ["d"], kind: "added", after: { e: [1] } },
  ]);
});

test("a value of another type is one change, and so is the whole", () => {
  expect(listed({ a: [] }, { a: {} })).toEqual([
    { path: ["a"], kind: "changed", before: [], after: {} },
  ]);
  expect(listed(null, 0)).toEqual([{ path: [], kind: "changed", before: null, after: 0 }]);
});

test("keys that objects inherit are keys like others", () => {
  const before: Json = JSON.parse('{"constructor": 1}');
  const after: Json = JSON.parse('{"toString": 1, "__proto__": 2}');
  expect(listed(before, after).map(({ path, kind }) => [path[0], kind])).toEqual([
    ["constructor", "removed"],
    ["toString", "added"],
    ["__proto__", "added"],
  ]);
});

/** The value after the changes. Removals of a list's items go from its end, so that positions keep their meaning. */
function applyChanges(before: Json, changes: readonly JsonChange[]): Json {
  let value = structuredClone(before);
  const removals = changes.filter((change) => change.kind === "removed").reverse();
  for (const change of [...changes.filter(({ kind }) => kind !== "removed"), ...removals])
    value = applyAt(value, change.path, change);
  return value;
}

function applyAt(value: Json, [first, ...rest]: readonly JsonSegment[], change: JsonChange): Json {
  if (first === undefined) return change.kind === "removed" ? null : change.after;
  const isLast = rest.length === 0 && change.kind === "removed";
  if (Array.isArray(value)) {
    const index = Number(first);
    const rests = isLast ? [] : [applyAt(value[index] ?? null, rest, change)];
    return [...value.slice(0, index), ...rests, ...value.slice(index + 1)];
  }
  if (!isJsonObject(value)) throw new Error(`nothing at ${first}`);
  const entries = new Map(Object.entries(value));
  if (isLast) entries.delete(String(first));
  else entries.set(String(first), applyAt(entries.get(String(first)) ?? null, rest, change));
  return Object.fromEntries(entries);
}
