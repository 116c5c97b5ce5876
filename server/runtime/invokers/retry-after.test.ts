import { expect, test } from "vitest";
import { parseRetryAfter } from "./retry-after.ts";

const NOW = Date.parse("2026-03-01T12:00:00Z");

test.each([
  ["0", 0],
  ["7", 7_000],
  ["0.5", 500],
  [" 61 ", 60_000],
  ["86400", 60_000],
  ["Sun, 01 Mar 2026 12:00:09 GMT", 9_000],
  ["Sun, 01 Mar 2026 13:00:00 GMT", 60_000],
  ["Sun, 01 Mar 2026 11:00:00 GMT", 0],
])("Retry-After %j asks for %i ms", (header, expected) => {
  expect(parseRetryAfter(header, NOW)).toBe(expected);
});

test.each(["soon", "soon 5", "-3", "", "NaN", "Infinity"])(
  "Retry-After %j says nothing",
  (header) => {
    expect(parseRetryAfter(header, NOW)).toBeNull();
  },
);

test("no header says nothing", () => {
  expect(parseRetryAfter(undefined, NOW)).toBeNull();
});
