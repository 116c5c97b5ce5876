import { expect, test } from "vitest";
import { whyNoPushBack } from "./push-back-place.ts";

test("a question of a nested run, or about an undoing, cannot be pushed back, and says why", () => {
  const own = { step_id: "pay", step_path: "pay" };
  expect(whyNoPushBack({ ...own, occurrence: null })).toBeNull();
  expect(whyNoPushBack({ ...own, occurrence: "3" })).toBeNull();
  expect(whyNoPushBack({ ...own, occurrence: "undo:1" })).toContain("undoing");
  expect(whyNoPushBack({ ...own, step_path: "order/pay" })).toContain("nested run");
});
