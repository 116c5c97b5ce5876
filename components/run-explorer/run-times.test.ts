import { expect, test } from "vitest";
import type { RunSummary } from "../../core/run-view.ts";
import { emptyStepView } from "../../core/step-views.ts";
import { computeRunTimes } from "./run-times.ts";
import type { StepGroup } from "./step-groups.ts";
import { coveredTime } from "./time-spans.ts";

const at = (seconds: number) => new Date(seconds * 1_000).toISOString();
const RUN: RunSummary = {
  run_id: "run_1",
  skill_id: "a.b",
  skill_version: "1.0.0",
  environment: "dev",
  status: "completed",
  attributes: {},
  created_at: at(0),
  started_at: at(1),
  finished_at: at(10),
  wake_at: null,
  head_sequence: 1,
  trace_id: "t",
  parent_run_id: null,
  source_run_id: null,
  lineage_root_run_id: "run_1",
  error: null,
};

function group(kind: "capability" | "timer", attempts: [number, number][]): StepGroup {
  return {
    step: {
      step_id: "a",
      uses: "x",
      kind,
      depends_on: [],
      condition: null,
      loop: null,
      router: null,
      join: "all",
      writes: [],
      reads: [],
    },
    view: {
      ...emptyStepView("a", null),
      started_at: at(attempts[0]?.[0] ?? 0),
      ended_at: at(attempts.at(-1)?.[1] ?? 0),
      attempts: attempts.map(([start, end], index) => ({
        attempt: index + 1,
        started_at: at(start),
        ended_at: at(end),
        status: "completed",
        error: null,
      })),
    },
    shown: "completed",
    occurrences: [],
    counts: [],
  };
}

test("overlapping calls count once, waits and retry pauses count as waiting, the rest is the engine's", () => {
  const groups = [
    group("capability", [[1, 3]]),
    group("capability", [
      [2, 4],
      [5, 6],
    ]),
    group("timer", [[6, 9]]),
  ];
  expect(computeRunTimes(RUN, groups, 0)).toEqual({
    total: 10_000,
    queue: 1_000,
    work: 4_000,
    wait: 4_000,
    undo: 0,
    overhead: 1_000,
  });
});

test("what undoing takes has a name of its own, from the first undoing to the end of the last", () => {
  const undone = (occurrence: string, start: number, end: number) => ({
    ...emptyStepView("a", occurrence),
    ...group("capability", [[start, end]]).view,
    occurrence,
  });
  const groups = [
    {
      ...group("capability", [[1, 3]]),
      occurrences: [undone("undo:1", 4, 5), undone("undo:2", 7, 9)],
    },
  ];
  expect(computeRunTimes(RUN, groups, 0)).toEqual({
    total: 10_000,
    queue: 1_000,
    work: 2_000,
    wait: 0,
    undo: 5_000,
    overhead: 2_000,
  });
});

test("spans that touch, nest or lie apart are covered once each", () => {
  expect(
    coveredTime([
      { start: 5, end: 6 },
      { start: 0, end: 4 },
      { start: 1, end: 2 },
      { start: 4, end: 5 },
    ]),
  ).toBe(6);
});
