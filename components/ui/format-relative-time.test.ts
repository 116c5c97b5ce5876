import { expect, test } from "vitest";
import { formatRelativeTime } from "./format-relative-time.ts";

const NOW = Date.UTC(2026, 0, 15, 12);

test.each([
  [0, "just now"],
  [12_400, "12 s ago"],
  [59_990, "59 s ago"],
  [180_000, "3 m ago"],
  [7_300_000, "2 h ago"],
  [3 * 86_400_000, "3 d ago"],
  [-300_500, "in 5 m"],
])("%d ms back reads as %s", (distance, text) => {
  expect(formatRelativeTime(NOW - distance, NOW)).toBe(text);
});
