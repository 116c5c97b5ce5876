import * as fc from "fast-check";
import { expect, test } from "vitest";
import { findJsonError } from "./json-error.ts";

test.each([
  ['{"a": x}', 6, 1, 7],
  ['{"a": 1,\n "b" 2}', 14, 2, 6],
  ["[1, 2", 5, 1, 6],
  ["", 0, 1, 1],
  ["{} {}", 3, 1, 4],
  ['{"a": 1,}', 8, 1, 9],
  ["[1,]", 3, 1, 4],
  ["{'a': 1}", 1, 1, 2],
  ['["a\nb"]', 1, 1, 2],
  ["[01]", 2, 1, 3],
])("%j is wrong at position %i", (text, position, line, column) => {
  expect(findJsonError(text)).toEqual({ position, line, column });
});

test("agrees with JSON.parse on every text made of JSON's signs", () => {
  const sign = fc.constantFrom(
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"a"',
    "1",
    "-",
    "0",
    ".5",
    "e3",
    "true",
    "null",
    " ",
    '"',
    "\\",
  );
  fc.assert(
    fc.property(fc.array(sign, { maxLength: 12 }), (signs) => {
      const text = signs.join("");
      expect(findJsonError(text) === null).toBe(isJson(text));
    }),
    { numRuns: 5000 },
  );
});

test("finds nothing wrong with any JSON value, however it is spaced", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.integer({ min: 0, max: 4 }), (value, indent) => {
      expect(findJsonError(JSON.stringify(value, null, indent))).toBeNull();
    }),
  );
});

test("a text nested a million deep is judged without exhausting the stack", () => {
  expect(findJsonError("[".repeat(1_000_000))?.position).toBe(1_000_000);
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
