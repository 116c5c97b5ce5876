import { expect, test } from "vitest";
import { planTotals } from "./plan-words.ts";

const none = { reuse: 0, run: 0, wait: 0, skip: 0, ask: 0, blocked: 0, estimated_ms: 0 };

test("totals name what there is, and a time only where it is known", () => {
  expect(planTotals({ totals: none })).toBe("No steps");
  expect(planTotals({ totals: { ...none, reuse: 14, run: 3, ask: 1, estimated_ms: 38_000 } })).toBe(
    "14 reused · 3 run again · 1 asks · about 38.0 s",
  );
});
