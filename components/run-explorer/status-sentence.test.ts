import { expect, test } from "vitest";
import type { RunSummary, StepView } from "../../core/run-view.ts";
import type { RunStatus } from "../../core/run.ts";
import { emptyStepView } from "../../core/step-views.ts";
import { failedStep, statusSentence } from "./status-sentence.ts";
import type { StepGroup } from "./step-groups.ts";

const at = (seconds: number) => new Date(seconds * 1_000).toISOString();

function run(status: RunStatus): RunSummary {
  return {
    run_id: "run_1",
    skill_id: "a.b",
    skill_version: "1.0.0",
    environment: "dev",
    status,
    attributes: {},
    created_at: at(0),
    started_at: at(1),
    finished_at: at(4),
    wake_at: null,
    head_sequence: 1,
    trace_id: "t",
    parent_run_id: null,
    source_run_id: null,
    lineage_root_run_id: "run_1",
    error: null,
  };
}

function group(id: string, view: Partial<StepView>, occurrences: StepView[] = []): StepGroup {
  return {
    step: {
      step_id: id,
      uses: "x.y",
      kind: "signal",
      depends_on: [],
      condition: null,
      loop: null,
      router: null,
      join: "all",
      writes: [],
      reads: [],
    },
    view: { ...emptyStepView(id, null), ...view },
    shown: view.status ?? "pending",
    occurrences,
    counts: [],
  };
}

test("a run that waits says for what, where, and when it is due", () => {
  const groups = [
    group("ask", { status: "waiting_for_signal", reason: "the signal go", due_at: at(7_210) }),
  ];
  expect(statusSentence(run("waiting_for_signal"), "waiting_for_signal", groups, 10_000)).toBe(
    "Waiting for the signal go at ask, due in 2 h.",
  );
});

test("a run at work names its steps, and only so many", () => {
  const groups = ["a", "b", "c", "d"].map((id) => group(id, { status: "running" }));
  expect(statusSentence(run("running"), "running", groups, 0)).toBe(
    "Running a, b and 2 more · 0 of 4 steps done.",
  );
});

test("a run that failed says where, by the occurrence rather than its loop", () => {
  const occurrence: StepView = { ...emptyStepView("score", "3"), status: "failed" };
  const groups = [group("score", { status: "failed" }, [occurrence])];
  expect(failedStep(groups)).toBe(occurrence);
  expect(statusSentence(run("failed"), "failed", groups, 0)).toBe(
    "Failed at score #3 after 3.0 s.",
  );
});

test("a run that ended says how long it took", () => {
  expect(statusSentence(run("completed"), "completed", [], 0)).toBe("Completed in 3.0 s.");
  expect(statusSentence(run("canceled"), "canceled", [], 0)).toBe("Canceled after 3.0 s.");
});

test("a run that undoes says so and whom it waits for, an undone one what stands all the same", () => {
  const undo: StepView = {
    ...emptyStepView("charge", "undo:1"),
    status: "waiting_for_human",
    reason: "an approval by approver",
  };
  expect(statusSentence(run("compensating"), "compensating", [], 0)).toBe(
    "Undoing what it did outside.",
  );
  const groups = [group("charge", { status: "completed" }, [undo])];
  expect(statusSentence(run("compensating"), "compensating", groups, 0)).toBe(
    "Undoing what it did outside; waiting for an approval by approver at charge.",
  );
  const left = {
    step_id: "tell",
    effect_id: "eff_1_2",
    capability_id: "a.b",
    reason: "it has none",
  };
  expect(
    statusSentence(
      { ...run("canceled"), compensation: "completed", left_standing: [left] },
      "canceled",
      [],
      0,
    ),
  ).toBe("Canceled after 3.0 s. What it did outside was undone. 1 effect stands all the same.");
  const failed = [group("charge", { status: "failed" }, [{ ...undo, status: "failed" }])];
  expect(
    statusSentence(
      { ...run("failed"), compensation: "failed", left_standing: [] },
      "failed",
      failed,
      0,
    ),
  ).toBe("Failed at charge after 3.0 s. What it did outside was not undone in full.");
});
