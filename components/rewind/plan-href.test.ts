import { expect, test } from "vitest";
import { fitLink, parsePlanWish, planHref, type PlanWish } from "./plan-href.ts";

const NOTHING: PlanWish = {
  operation: "replay",
  step: null,
  checkpoint: null,
  version: null,
  overrides: {},
  stepMap: {},
  bindings: {},
  inputs: null,
  vars: null,
};

const read = (href: string) => parsePlanWish(new URL(href, "http://x").searchParams);

test.each<PlanWish>([
  { ...NOTHING, operation: "replay" },
  { ...NOTHING, operation: "fork", step: "a b&c", version: "2.0.0" },
  { ...NOTHING, operation: "resume", checkpoint: "chk_1_2" },
  {
    ...NOTHING,
    overrides: { a: "reexecute", b: "require_human" },
    stepMap: { c: "d", e: null },
    bindings: { "web.page.read": "some_binding" },
  },
  { ...NOTHING, inputs: { text: "a&b=c #1 %", list: [1, null] }, vars: {} },
])("%j survives its URL", (wish) => {
  expect(read(planHref("run_1", wish))).toEqual(wish);
});

test("what is not understood counts as not said, and a step goes before a checkpoint", () => {
  expect(
    read(
      "/runs/run_1/plan?operation=explode&step=a&checkpoint=c&choose=a:explode&choose=b&map=:x&inputs={&vars=7",
    ),
  ).toEqual({
    ...NOTHING,
    step: "a",
  });
});

test("what would make the link too long is left out of it", () => {
  expect(fitLink({ inputs: { text: "a".repeat(2_000) }, vars: null })).toBe(true);
  expect(fitLink({ inputs: { text: "ü".repeat(2_000) }, vars: null })).toBe(false);
});
