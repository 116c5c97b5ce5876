import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import type { SkillGraph } from "../../core/run-view.ts";
import { emptyStepView } from "../../core/step-views.ts";
import { StepCard } from "./step-node.tsx";

afterEach(cleanup);

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

test("a loop is one node that counts its occurrences by status against their total", () => {
  render(
    <StepCard
      step={STEP}
      group={{
        step: STEP,
        view: {
          ...emptyStepView("score", null),
          status: "running",
          loop: { kind: "foreach", count: 9 },
        },
        shown: "running",
        occurrences: [emptyStepView("score", "0")],
        counts: [
          ["running", 1],
          ["completed", 5],
          ["failed", 1],
        ],
      }}
      isSelected={false}
      level="near"
    />,
  );
  expect(screen.getByText("Running")).toBeDefined();
  expect(screen.getByRole("img", { name: "1 running, 5 completed, 1 failed of 9" })).toBeDefined();
});

test("from far away a step is its name without its details", () => {
  render(<StepCard step={STEP} group={null} isSelected={false} level="far" />);
  expect(screen.getByText("score")).toBeDefined();
  expect(screen.queryByText("text.score")).toBeNull();
});
