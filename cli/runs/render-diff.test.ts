import { describe, expect, test } from "vitest";
import { foldEqualRows } from "../../core/fold-equal-rows.ts";
import { diffRunSides, diffRuns } from "../../core/run-diff.ts";
import type { RunDiff, RunSide, StepSummary } from "../../core/run-diff-view.ts";
import { capturedTerminal } from "../testing/captured-terminal.ts";
import { renderDiff } from "./render-diff.ts";
import { renderStepDiff } from "./render-step-diff.ts";

const { out } = capturedTerminal();

const run = (said: Partial<RunSide>): RunSide => ({
  run_id: "run_a",
  skill_id: "stock.check",
  skill_version: "1.0.0",
  environment: "dev",
  status: "completed",
  attributes: {},
  created_at: "2030-01-01T00:00:00.000Z",
  started_at: "2030-01-01T00:00:00.000Z",
  finished_at: "2030-01-01T00:00:01.200Z",
  wake_at: null,
  head_sequence: 9,
  trace_id: "t",
  parent_run_id: null,
  source_run_id: null,
  lineage_root_run_id: "run_a",
  error: null,
  duration_ms: 1200,
  inputs: { hash: "i", bytes: 2 },
  outputs: { hash: "o", bytes: 2 },
  ...said,
});
const step = (index: number, said: Partial<StepSummary> = {}): StepSummary => ({
  step_id: `s${index}`,
  occurrence: null,
  status: "completed",
  uses: "text.do",
  binding: { binding_id: "text.do.native", service_id: "s" },
  attempts: 1,
  duration_ms: 5,
  input: null,
  output: null,
  error: null,
  child_run_id: null,
  effects: 0,
  ...said,
});

function diffOf(a: RunSide, b: RunSide, change: (index: number) => Partial<StepSummary>): RunDiff {
  const indexes = [0, 1, 2, 3, 4];
  const graph = {
    steps: indexes.map((index) => ({
      step_id: `s${index}`,
      uses: "text.do",
      kind: "capability" as const,
      depends_on: index === 0 ? [] : [`s${index - 1}`],
      condition: null,
      loop: null,
      router: null,
      join: "all",
      writes: [],
      reads: [],
    })),
  };
  const { rows, ...compared } = diffRuns(
    { graph, steps: indexes.map((index) => step(index)) },
    { graph, steps: indexes.map((index) => step(index, change(index))) },
  );
  return {
    kind: "run",
    a,
    b,
    differences: diffRunSides(a, b),
    ...compared,
    entries: foldEqualRows(rows),
    next_cursor: null,
  };
}

describe("renderDiff", () => {
  test("folds equal steps, marks the first divergence, and says what follows", () => {
    const other = run({ run_id: "run_b", skill_version: "1.1.0", status: "failed" });
    const diff = diffOf(run({}), other, (index) =>
      index === 2 || index === 4 ? { status: "failed" } : {},
    );
    expect(renderDiff(diff, out)).toEqual([
      "   RUN    STATUS      TOOK  EFFECTS  SKILL",
      "A  run_a  completed  1.2 s        0  stock.check 1.0.0",
      "B  run_b  failed     1.2 s        0  stock.check 1.1.0",
      "",
      "Two versions of one skill, compared by step id. They differ in status.",
      "",
      "STEP             A          B       DIFFERS  NOTE",
      "… 2 equal steps",
      "s2               completed  failed  status   ← first divergence",
      "… 1 equal step",
      "s4               completed  failed  status   follows from it",
      "",
      "3 equal, 2 different, 0 only in A, 0 only in B.",
      "The runs part at s2; 1 later step differs because of it.",
      "What differs there: orca diff run_a run_b --step s2",
    ]);
  });

  test("says that equal runs are equal", () => {
    const text = renderDiff(
      diffOf(run({}), run({ run_id: "run_b" }), () => ({})),
      out,
    );
    expect(text).toContain("Inputs, status and outputs are equal.");
    expect(text).toContain("… 5 equal steps");
    expect(text.at(-1)).toBe("5 equal, 0 different, 0 only in A, 0 only in B.");
  });

  test("says so where a run is compared with itself", () => {
    expect(
      renderDiff(
        diffOf(run({}), run({}), () => ({})),
        out,
      ),
    ).toContain("This is one and the same run.");
  });
});

describe("renderStepDiff", () => {
  test("shows both sides and each place that differs", () => {
    const { step_id: _, occurrence: __, ...side } = step(1);
    const lines = renderStepDiff(
      {
        kind: "step",
        step_id: "each",
        occurrence: "3",
        differences: ["status", "output"],
        a: side,
        b: { ...side, status: "failed", attempts: 3 },
        changes: [
          { path: "output.total", kind: "changed", before: 1, after: 2 },
          { path: "output.names[2]", kind: "removed", before: "Ada" },
          { path: "error", kind: "added", after: { code: "upstream_failure" } },
        ],
        change_count: 1003,
      },
      out,
    );
    expect(lines).toEqual([
      "each#3  status, output",
      "  A  completed, 1 attempt, text.do, by text.do.native",
      "  B  failed, 3 attempts, text.do, by text.do.native",
      "",
      "   PATH             A      B",
      "~  output.total     1      2",
      '-  output.names[2]  "Ada"  –',
      '+  error            –      {"code":"upstream_failure"}',
      "… and 1,000 more changes",
    ]);
  });
});
