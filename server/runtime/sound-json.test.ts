import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonEquals, type Json, type JsonObject } from "../../core/json.ts";
import { isSoundJson, mendJson } from "./sound-json.ts";

function nested(levels: number): JsonObject {
  let value: Json = 1;
  for (let level = 1; level < levels; level += 1) value = level % 2 === 0 ? { value } : [value];
  return { value };
}

/** What only code can put into an output, and `JSON.parse` to a part. */
function outputOf(value: unknown): JsonObject {
  const output: JsonObject = {};
  Object.defineProperty(output, "value", { value, enumerable: true });
  return output;
}

const anything = fc.oneof(
  { weight: 3, arbitrary: fc.jsonValue({ stringUnit: "binary" }) },
  fc.anything({ withDate: true, withMap: true, withBigInt: true, withNullPrototype: true }),
);

test("what passes, and what was mended without problems, is the same after it was stored", () => {
  fc.assert(
    fc.property(anything, (value) => {
      const output = outputOf(value);
      const { mended, problems } = mendJson(output);
      if (isSoundJson(output)) {
        expect(problems).toEqual([]);
        expect(jsonEquals(mended, output)).toBe(true);
      }
      if (problems.length > 0) return;
      expect(isSoundJson(mended)).toBe(true);
      expect(jsonEquals(JSON.parse(JSON.stringify(mended)), mended)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test.each([
  ["half a surrogate pair", "a\ud83d", "a\ufffd"],
  ["halves in keys and inside of lists", [{ "\udc00": ["\ud800"] }], [{ "\ufffd": ["\ufffd"] }]],
  ["an undefined property", { kept: 1, left: undefined }, { kept: 1 }],
])("%s is mended, and the value stays as it was", (_what, value, expected) => {
  const output = outputOf(value);
  expect(isSoundJson(output)).toBe(false);
  expect(mendJson(output)).toEqual({ mended: { value: expected }, problems: [] });
  expect(output["value"]).toBe(value);
});

test.each<[unknown, string]>([
  [Number.NaN, "NaN"],
  [JSON.parse("-1e999"), "-Infinity"],
  [() => 1, "a function"],
  [1n, "a bigint"],
  [Symbol("s"), "a symbol"],
  [new Date(0), "a Date"],
  [new Map(), "a Map"],
  [Buffer.from("x"), "a Buffer"],
])("%o is a problem that names its place and what it is", (unsound, name) => {
  const output = outputOf([{ good: 1, bad: unsound }]);
  expect(isSoundJson(output)).toBe(false);
  expect(mendJson(output).problems).toEqual([
    { path: "value.0.bad", problem: `is ${name}, which is not JSON` },
  ]);
});

test("an empty place in a list is a problem", () => {
  expect(mendJson(outputOf([1, undefined])).problems).toEqual([
    { path: "value.1", problem: "is undefined, which is not JSON" },
  ]);
});

test("a key that would change the prototype is a key", () => {
  const output = outputOf(JSON.parse('{"__proto__": "\\ud800", "a": 1}'));
  expect(JSON.stringify(mendJson(output).mended)).toBe('{"value":{"__proto__":"\ufffd","a":1}}');
});

describe("depth", () => {
  test("of 200 levels passes", () => {
    expect(isSoundJson(nested(200))).toBe(true);
    expect(mendJson(nested(200)).problems).toEqual([]);
  });

  test.each([201, 200_000])("of %i levels is a problem of the output that has it", (levels) => {
    expect(isSoundJson(nested(levels))).toBe(false);
    expect(mendJson({ good: 1, ...nested(levels) }).problems).toEqual([
      { path: "value", problem: "is nested deeper than 200 levels" },
    ]);
  });

  test("without an end is told soon", () => {
    const circle: unknown[] = [];
    circle.push(...Array.from({ length: 1_000 }, () => circle));
    const output = outputOf(circle);
    expect(isSoundJson(output)).toBe(false);
    expect(mendJson(output).problems).toHaveLength(50);
  });
});
