import type { ErrorRecord } from "./errors.ts";
import type { JsonChange } from "./json-changes.ts";
import type { RunSummary, SkillGraph } from "./run-view.ts";
import type { StepStatus } from "./step.ts";

/** What stands for a payload that is not there: its hash, and its size as JSON text. */
export type PayloadDigest = { hash: string; bytes: number };

/** What one run did at one step or occurrence, without its payloads. A foreach's input is the list it goes through. */
export type StepSummary = {
  step_id: string;
  occurrence: string | null;
  status: StepStatus;
  uses: string | null;
  binding: { binding_id: string; service_id: string } | null;
  attempts: number;
  duration_ms: number | null;
  input: PayloadDigest | null;
  output: PayloadDigest | null;
  error: Pick<ErrorRecord, "code" | "message"> | null;
  child_run_id: string | null;
  effects: number;
};

/** One side of an aligned step. */
export type StepSide = Omit<StepSummary, "step_id" | "occurrence">;

export const STEP_DIFFERENCES = [
  "only_a",
  "only_b",
  "status",
  "uses",
  "binding",
  "input",
  "output",
  "error",
  "attempts",
] as const;
export type StepDifference = (typeof STEP_DIFFERENCES)[number];

/** A step or occurrence of either run beside its counterpart. No differences means equal; how long it took is none. */
export type DiffRow = {
  step_id: string;
  occurrence: string | null;
  differences: StepDifference[];
  /** It differs, and stands downstream of the first divergence. */
  is_consequence: boolean;
  a: StepSide | null;
  b: StepSide | null;
};

export type StepPlace = { step_id: string; occurrence: string | null };

/** Two runs step by step. `equal + differing + only_a + only_b` is the number of rows. */
export type StepsDiff = {
  rows: DiffRow[];
  /** The differing step that no other differing step precedes; null where all are equal. */
  first_divergence: StepPlace | null;
  /** How many rows differ downstream of the first divergence. */
  consequences: number;
  totals: {
    equal: number;
    differing: number;
    only_a: number;
    only_b: number;
    effects: { a: number; b: number };
  };
};

/** The steps of a run and the graph that it followed. No two steps share id and occurrence. */
export type ComparedRun = { steps: readonly StepSummary[]; graph: Pick<SkillGraph, "steps"> };

/** One of the two runs; `duration_ms` from its start to its end, null while it goes on. */
export type RunSide = RunSummary & {
  duration_ms: number | null;
  inputs: PayloadDigest;
  outputs: PayloadDigest | null;
};

export const RUN_DIFFERENCES = [
  "skill",
  "version",
  "environment",
  "inputs",
  "status",
  "outputs",
] as const;
export type RunDifference = (typeof RUN_DIFFERENCES)[number];

/** A row that differs, or so many equal rows in its place: those from a position among all rows on. */
export type DiffEntry =
  { kind: "step"; row: DiffRow } | { kind: "equal"; from: number; count: number };

/** Two runs: how they differ as wholes, and step by step, a page of it. */
export type RunDiff = Omit<StepsDiff, "rows"> & {
  kind: "run";
  a: RunSide;
  b: RunSide;
  differences: RunDifference[];
  entries: DiffEntry[];
  next_cursor: string | null;
};

/** Some of the rows, equal ones too; `from` is the position of the first among all. */
export type DiffRows = { kind: "rows"; from: number; rows: DiffRow[] };

/** One step of two runs with its field differences, below `input`, `output` and `error`. */
export type StepDiff = Pick<DiffRow, "step_id" | "occurrence" | "differences" | "a" | "b"> & {
  kind: "step";
  changes: JsonChange[];
  /** How many changes there are, of which `changes` holds the first. */
  change_count: number;
};
