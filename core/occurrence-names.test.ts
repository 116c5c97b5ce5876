import { expect, test } from "vitest";
import { parseExpression } from "./expressions.ts";
import { occurrenceNameAt, occurrenceNames } from "./occurrence-names.ts";
import type { Loop } from "./run-plan.ts";

const TARGETS = ["a", "b", "c"].map((alias) => ({ alias, uses: "text.note.write" }));
const SCATTER: Loop = { kind: "scatter", targets: TARGETS, merge: "collect" };
const WHILE: Loop = { kind: "while", condition: parseExpression("true"), maxIterations: 9 };

test("a scatter's occurrences are called by its aliases, and only those that began are named", () => {
  expect(occurrenceNames({ loop: SCATTER }, { next: 2 })).toEqual(["a", "b"]);
  expect(occurrenceNameAt({ loop: SCATTER }, 2)).toBe("c");
});

test("other loops' occurrences are called by their positions", () => {
  expect(occurrenceNames({ loop: WHILE }, { next: 3 })).toEqual(["0", "1", "2"]);
  expect(occurrenceNames({ loop: WHILE }, { next: 0 })).toEqual([]);
});
