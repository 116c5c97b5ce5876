import { expect, test } from "vitest";
import { foldPlanRows, planRowName } from "./fold-plan-rows.ts";
import type { ReplayPlanRow } from "./plan-rows.ts";

const row = (change: Partial<ReplayPlanRow>): ReplayPlanRow => ({
  step_id: "each",
  occurrence: null,
  decision: "reuse",
  is_certain: true,
  reason: "its recorded result is taken",
  effect_id: null,
  override: null,
  may_become: [],
  estimated_ms: null,
  ...change,
});

test("occurrences with the same plan are one row, and effects stay apart", () => {
  const rows = [
    row({ step_id: "a" }),
    row({ occurrence: "0", estimated_ms: 2 }),
    row({ occurrence: "1", estimated_ms: 3 }),
    row({ occurrence: "2", decision: "run" }),
    row({ occurrence: "3", effect_id: "eff_1_1" }),
    row({ occurrence: "4", effect_id: "eff_1_2" }),
  ];
  expect(foldPlanRows(rows).map((each) => [planRowName(each), each.estimated_ms])).toEqual([
    ["a", null],
    ["each × 2", 5],
    ["each#2", null],
    ["each#3", null],
    ["each#4", null],
  ]);
});
