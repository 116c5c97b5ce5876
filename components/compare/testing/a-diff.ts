import { foldEqualRows } from "../../../core/fold-equal-rows.ts";
import type { DiffRow, RunDiff, RunSide, StepSide } from "../../../core/run-diff-view.ts";

const RUN: RunSide = {
  run_id: "run_a",
  skill_id: "stock.check",
  skill_version: "1.0.0",
  environment: "dev",
  status: "completed",
  attributes: {},
  created_at: "2030-01-01T00:00:00.000Z",
  started_at: "2030-01-01T00:00:00.000Z",
  finished_at: "2030-01-01T00:00:01.000Z",
  wake_at: null,
  head_sequence: 9,
  trace_id: "t",
  parent_run_id: null,
  source_run_id: null,
  lineage_root_run_id: "run_a",
  error: null,
  duration_ms: 1000,
  inputs: { hash: "i", bytes: 2 },
  outputs: { hash: "o", bytes: 2 },
};

const SIDE: StepSide = {
  status: "completed",
  uses: "text.do",
  binding: null,
  attempts: 1,
  duration_ms: 5,
  input: null,
  output: null,
  error: null,
  child_run_id: null,
  effects: 0,
};

/** A row that is equal unless `said` says otherwise; `key` is `step` or `step#occurrence`. */
export function aRow(key: string, said: Partial<DiffRow> = {}): DiffRow {
  const [stepId = "", occurrence = null] = key.split("#");
  return {
    step_id: stepId,
    occurrence,
    differences: [],
    is_consequence: false,
    a: SIDE,
    b: SIDE,
    ...said,
  };
}

/** Two runs with these rows; the first that differs is where they part. */
export function aDiff(rows: DiffRow[], said: Partial<RunDiff> = {}): RunDiff {
  const differing = rows.filter((row) => row.differences.length > 0);
  const [first] = differing;
  return {
    kind: "run",
    a: RUN,
    b: { ...RUN, run_id: "run_b" },
    differences: [],
    entries: foldEqualRows(rows),
    next_cursor: null,
    first_divergence:
      first === undefined ? null : { step_id: first.step_id, occurrence: first.occurrence },
    consequences: rows.filter((row) => row.is_consequence).length,
    totals: {
      equal: rows.length - differing.length,
      differing: differing.length,
      only_a: 0,
      only_b: 0,
      effects: { a: 0, b: 0 },
    },
    ...said,
  };
}
