import { expect, test } from "vitest";
import type { SkillGraph } from "../../core/run-view.ts";
import { emptyStepView } from "../../core/step-views.ts";
import { groupSteps } from "./step-groups.ts";

const STEP: SkillGraph["steps"][number] = {
  step_id: "score",
  uses: "text.score",
  kind: "capability",
  depends_on: [],
  condition: null,
  loop: "foreach",
  router: null,
  join: "all",
  writes: [],
  reads: [],
};

test("a step that loops counts its occurrences by status, and stays one step", () => {
  const views = new Map(
    [
      emptyStepView("score", null),
      { ...emptyStepView("score", "0"), status: "completed" as const },
      { ...emptyStepView("score", "1"), status: "failed" as const },
      { ...emptyStepView("score", "2"), status: "completed" as const },
    ].map((view) => [`${view.step_id}#${view.occurrence ?? ""}`, view]),
  );
  const [group] = groupSteps(
    { skill_id: "a.b", skill_version: "1.0.0", steps: [STEP] },
    views,
    false,
  );
  expect(group?.counts).toEqual([
    ["completed", 2],
    ["failed", 1],
  ]);
  expect(group?.occurrences).toHaveLength(3);
});

test("a step that no event has told of is pending, and not reached once the run has ended", () => {
  const graph = { skill_id: "a.b", skill_version: "1.0.0", steps: [STEP] };
  expect(groupSteps(graph, new Map(), false)[0]?.shown).toBe("pending");
  expect(groupSteps(graph, new Map(), true)[0]?.shown).toBe("not_reached");
});
