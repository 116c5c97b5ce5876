import * as fc from "fast-check";
import { expect, test } from "vitest";
import { findJsonProblem } from "./find-json-problem.ts";

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const broken = fc
  .tuple(
    fc.json(),
    fc.nat(),
    fc.constantFrom("", ",", "}", "]", '"', "\\", "0", "tru", "\n", "\u0001"),
  )
  .map(
    ([text, place, junk]) =>
      text.slice(0, place % (text.length + 1)) + junk + text.slice((place % (text.length + 1)) + 1),
  );

test("a text has a problem exactly where the platform's parser refuses it", () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), broken, fc.string()), (text) => {
      expect(findJsonProblem(text) === null).toBe(isJson(text));
    }),
    { numRuns: 2_000 },
  );
});

test("the place is given by line and column, with what was expected there", () => {
  expect(findJsonProblem('{\n  "a": 1,\n  b: 2\n}')).toEqual({
    line: 3,
    column: 3,
    message: "expected a key in double quotes, but “b” stands there",
  });
  expect(findJsonProblem("[1, 2")).toMatchObject({
    line: 1,
    column: 6,
    message: "expected a comma or ], but the text ends",
  });
});

test("a hundred thousand brackets are read without running out of stack", () => {
  expect(findJsonProblem("[".repeat(100_000) + "]".repeat(100_000))).toBeNull();
});
