import { expect, test } from "vitest";
import { parsePlanWish, planHref, type PlanWish } from "./plan-href.ts";

const read = (href: string) => parsePlanWish(new URL(href, "http://x").searchParams);

test.each<PlanWish>([
  { operation: "replay", step: null, checkpoint: null },
  { operation: "fork", step: "a b&c", checkpoint: null },
  { operation: "resume", step: null, checkpoint: "chk_1_2" },
])("%j survives its URL", (wish) => {
  expect(read(planHref("run_1", wish))).toEqual(wish);
});

test("what is not understood counts as not said, and a step goes before a checkpoint", () => {
  expect(read("/runs/run_1/plan?operation=explode&step=a&checkpoint=c")).toEqual({
    operation: "replay",
    step: "a",
    checkpoint: null,
  });
});
