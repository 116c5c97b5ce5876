import { expect, test } from "vitest";
import { formatDueTime } from "./due-time.ts";

test.each([
  [-1, "now"],
  [0, "now"],
  [400, "in 1 s"],
  [59_000, "in 59 s"],
  [60_001, "in 2 m"],
  [7_199_000, "in 2 h"],
  [7_140_000, "in 1 h 59 m"],
  [3 * 86_400_000, "in 3 d"],
])("%d ms ahead is due %s", (left, text) => {
  expect(formatDueTime(1_000_000 + left, 1_000_000)).toBe(text);
});
