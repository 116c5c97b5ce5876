import { expect, test } from "vitest";
import { PlanTaint } from "./plan-taint.ts";
import { compileSkill } from "./run-plan.ts";
import { SkillSchema } from "./skill.ts";

const step = (id: string, dependsOn: string[]) => ({
  id,
  uses: "fake.value.read",
  input: {},
  config: { depends_on: dependsOn },
});
const { steps } = compileSkill(
  SkillSchema.parse({
    id: "fake.skill",
    version: "1.0.0",
    name: "Fake",
    description: "Two branches.",
    steps: [step("a", []), step("b", ["a"]), step("c", []), step("d", ["b", "c"])],
  }),
  "sha256:fake",
);

test("what is not known reaches the steps that wait for it, and no other branch", () => {
  const taint = new PlanTaint();
  const [a, b, c, d] = steps;
  if (a === undefined || b === undefined || c === undefined || d === undefined) return;
  expect(taint.of(a)).toBeNull();
  taint.add(a, { step_id: "a" });
  expect([a, b, c, d].map((each) => taint.of(each))).toEqual([null, "a", null, "a"]);
});
