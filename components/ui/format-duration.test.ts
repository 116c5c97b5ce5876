import { expect, test } from "vitest";
import { formatDuration } from "./format-duration.ts";

test.each([
  [0, "0 ms"],
  [-5, "0 ms"],
  [340, "340 ms"],
  [999.6, "1.0 s"],
  [1_234, "1.2 s"],
  [59_949, "59.9 s"],
  [59_960, "1 m"],
  [192_000, "3 m 12 s"],
  [3_599_900, "1 h"],
  [7_500_000, "2 h 5 m"],
  [777_600_000, "9 d"],
])("%d ms reads as %s", (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
});
