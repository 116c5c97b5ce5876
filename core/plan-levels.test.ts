import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planLevels } from "./plan-levels.ts";
import { compileSkill } from "./run-plan.ts";
import { SkillSchema } from "./skill.ts";
import { arbitrarySkill } from "./testing/arbitrary-skill.ts";

const skillOf = (steps: { id: string; depends_on?: string[] }[]) =>
  SkillSchema.parse({
    id: "test.plan",
    version: "1.0.0",
    name: "Plan",
    description: "Plan",
    steps: steps.map(({ id, ...config }) => ({ id, uses: "fake.value.do", config })),
  });

describe("the levels of a plan", () => {
  test("put side by side what waits for the same, and name the longest chain", () => {
    const skill = skillOf([
      { id: "a", depends_on: [] },
      { id: "b", depends_on: ["a"] },
      { id: "c", depends_on: ["a"] },
      { id: "d", depends_on: ["b"] },
      { id: "e", depends_on: ["c", "d"] },
    ]);
    expect(planLevels(compileSkill(skill, "h"))).toEqual({
      levels: [["a"], ["b", "c"], ["d"], ["e"]],
      criticalPath: ["a", "b", "d", "e"],
    });
  });

  test("hold every step once, after everything it waits for, for any skill", () => {
    fc.assert(
      fc.property(arbitrarySkill(), (skill) => {
        const plan = compileSkill(skill, "h");
        const { levels, criticalPath } = planLevels(plan);
        const levelOf = new Map(
          levels.flatMap((ids, level) => ids.map((id) => [id, level] as const)),
        );
        expect(levelOf.size).toBe(plan.steps.length);
        for (const step of plan.steps) {
          for (const index of step.dependsOn) {
            expect(levelOf.get(plan.steps[index]?.id ?? "")).toBeLessThan(
              levelOf.get(step.id) ?? -1,
            );
          }
        }
        expect(criticalPath).toHaveLength(levels.length);
      }),
    );
  });
});
