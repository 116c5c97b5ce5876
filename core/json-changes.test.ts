import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { JsonSchema } from "./field.ts";
import { jsonChanges, type JsonChange } from "./json-changes.ts";
import { isJsonObject, jsonEquals, type Json } from "./json.ts";

const anyJson = fc.jsonValue({ maxDepth: 4 }).map((value) => JsonSchema.parse(value));

describe("jsonChanges", () => {
  test("names each place as deep as it goes, in the order of the value before", () => {
    expect(
      jsonChanges(
        { vars: { items: [{ name: "a" }, { name: "b" }], gone: 1, same: true } },
        { vars: { items: [{ name: "a" }, { name: "c" }, 3], same: true, "two words": null } },
      ),
    ).toEqual([
      { path: "vars.items[1].name", kind: "changed", before: "b", after: "c" },
      { path: "vars.items[2]", kind: "added", after: 3 },
      { path: "vars.gone", kind: "removed", before: 1 },
      { path: 'vars."two words"', kind: "added", after: null },
    ]);
  });

  test("shows a value that became another kind of value as a whole", () => {
    expect(jsonChanges({ a: [1] }, { a: { 0: 1 } })).toEqual([
      { path: "a", kind: "changed", before: [1], after: { 0: 1 } },
    ]);
    expect(jsonChanges(1, "1")).toEqual([{ path: "", kind: "changed", before: 1, after: "1" }]);
  });

  test("tells keys of the prototype from keys of the value", () => {
    expect(jsonChanges({}, { toString: "x" })).toEqual([
      { path: "toString", kind: "added", after: "x" },
    ]);
  });

  test("survives values nested deeper than calls may be", () => {
    let [before, after]: [Json, Json] = [1, 2];
    for (let depth = 0; depth < 20_000; depth += 1) [before, after] = [[before], [after]];
    expect(jsonChanges(before, after)).toHaveLength(1);
  });

  test("finds nothing exactly where the values are equal, and the mirrored places when they are swapped", () => {
    fc.assert(
      fc.property(anyJson, anyJson, (before, after) => {
        const changes = jsonChanges(before, after);
        expect(changes.length === 0).toBe(jsonEquals(before, after));
        expect(jsonChanges(before, before)).toEqual([]);
        const mirrored = changes.map(({ path, kind }) => `${path} ${MIRROR[kind]}`);
        const swapped = jsonChanges(after, before).map(({ path, kind }) => `${path} ${kind}`);
        expect(swapped.toSorted()).toEqual(mirrored.toSorted());
      }),
    );
  });
});

/** A value and another that came from it by a few edits, so that most of both is the same. */
const edited = fc.tuple(anyJson, anyJson, anyJson).map(([kept, dropped, added]): [Json, Json] => [
  { kept, dropped, both: [kept, { deep: dropped }] },
  { both: [kept, { deep: added }, added], added, kept },
]);

test("the changes applied to the old value give the new one", () => {
  fc.assert(
    fc.property(fc.oneof(fc.tuple(anyJson, anyJson), edited), ([before, after]) => {
      expect(jsonEquals(applyChanges(before, jsonChanges(before, after)), after)).toBe(true);
    }),
  );
});

/** The value after the changes. Removals of a list's items go from its end, so that positions keep their meaning. */
function applyChanges(before: Json, changes: readonly JsonChange[]): Json {
  let value = structuredClone(before);
  const removals = changes.filter(({ kind }) => kind === "removed").toReversed();
  for (const change of [...changes.filter(({ kind }) => kind !== "removed"), ...removals])
    value = applyAt(value, segmentsOf(change.path), change);
  return value;
}

function applyAt(value: Json, [first, ...rest]: readonly string[], change: JsonChange): Json {
  if (first === undefined) return change.after ?? null;
  const isRemoval = rest.length === 0 && change.kind === "removed";
  if (Array.isArray(value)) {
    const index = Number(first);
    const item = isRemoval ? [] : [applyAt(value[index] ?? null, rest, change)];
    return [...value.slice(0, index), ...item, ...value.slice(index + 1)];
  }
  const members = new Map(Object.entries(isJsonObject(value) ? value : {}));
  if (isRemoval) members.delete(first);
  else members.set(first, applyAt(members.get(first) ?? null, rest, change));
  return Object.fromEntries(members);
}

/** `a."two words"[3]` as its three segments. */
function segmentsOf(path: string): string[] {
  const parts = path.matchAll(/\[(\d+)\]|("(?:[^"\\]|\\.)*")|([^.[\]"]+)/g);
  return [...parts].map(([, index, quoted, word]) =>
    quoted === undefined ? (index ?? word ?? "") : String(JSON.parse(quoted)),
  );
}

const MIRROR = { added: "removed", removed: "added", changed: "changed" } as const;
