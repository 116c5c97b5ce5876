import type { ReplayPolicy } from "./capability.ts";
import type { CompensationOutcome, LeftEffect, UndoItem } from "./compensation.ts";
import type { ErrorRecord } from "./errors.ts";
import type { JsonObject } from "./json.ts";
import type { CheckpointKind, LoopKind, ParentRef, RunOptions } from "./run-events.ts";
import type { ReplayPlanRow } from "./plan-rows.ts";
import type { RunStatus } from "./run.ts";
import type { StateChanges } from "./state-changes.ts";
import type { StepCompatibility } from "./step-compatibility.ts";
import type { StepStatus } from "./step.ts";

/** A run as lists show it. Times are RFC 3339 UTC. */
export type RunSummary = {
  run_id: string;
  skill_id: string;
  skill_version: string;
  environment: string;
  status: RunStatus;
  attributes: JsonObject;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  /** When a run that only waits goes on by itself; null where it waits for something other than the clock. */
  wake_at: string | null;
  head_sequence: number;
  trace_id: string;
  parent_run_id: string | null;
  source_run_id: string | null;
  lineage_root_run_id: string;
  error: ErrorRecord | null;
};

/** A run with what went in and came out. */
export type RunDetail = RunSummary & {
  skill_hash: string;
  inputs: JsonObject;
  outputs: JsonObject | null;
  options: RunOptions;
  parent: ParentRef | null;
  child_run_ids: string[];
  /** What became of undoing what the run did; `none` where nothing was undone. */
  compensation: CompensationOutcome;
  /** What an undone run did that stands all the same. */
  left_standing: LeftEffect[];
  /** Why nothing was undone although it should have been: what there was to undo could not be found out. */
  compensation_error: ErrorRecord | null;
};

/** What canceling a run with compensation would undo now, or what a run that undoes, or has undone, says of it. */
export type CompensationView = {
  /** When the undoing began; null where nothing is undone and this is what would be. */
  begun_at: string | null;
  strategy: "backward" | "parallel";
  undo: (Omit<UndoItem, "input"> & { is_undone: boolean })[];
  left: LeftEffect[];
};

export type AttemptView = {
  attempt: number;
  started_at: string;
  ended_at: string | null;
  status: "running" | "completed" | "failed" | "canceled";
  error: ErrorRecord | null;
};

/** One step of a run, or one occurrence of it, folded from the events. */
export type StepView = {
  step_id: string;
  occurrence: string | null;
  status: StepStatus;
  uses: string | null;
  loop: { kind: LoopKind; count: number | null } | null;
  attempts: AttemptView[];
  started_at: string | null;
  ended_at: string | null;
  /** When a scheduled retry or a timed wait is due. */
  due_at: string | null;
  /** Why it was skipped, degraded or canceled, or what it waits for. */
  reason: string | null;
  error: ErrorRecord | null;
  input: JsonObject | null;
  output: JsonObject | null;
  binding: { binding_id: string; service_id: string; reason: string } | null;
  child_run_id: string | null;
  effect_ids: string[];
};

export type CheckpointView = {
  checkpoint_id: string;
  run_id: string;
  sequence: number;
  parent_checkpoint_id: string | null;
  kind: CheckpointKind;
  step_path: string | null;
  state_hash: string;
  created_at: string;
  pinned: boolean;
};

/** A run's state as of a checkpoint; `state` is what core/state-view.ts makes of it. */
export type CheckpointStateView = {
  checkpoint: CheckpointView;
  state_version: string;
  state: JsonObject;
};

/** How the state at a checkpoint differs from the one at the checkpoint before. */
export type CheckpointChangesView = StateChanges & { checkpoint: CheckpointView };

/** The shape of a skill for pictures: its steps and what each waits for. */
export type SkillGraph = {
  skill_id: string;
  skill_version: string;
  steps: {
    step_id: string;
    uses: string;
    kind: "capability" | "skill" | "signal" | "timer" | "approval";
    depends_on: string[];
    condition: string | null;
    loop: LoopKind | null;
    router: { on: string; cases: Record<string, string>; default: string | null } | null;
    join: string;
    /** The targets that this step writes, such as `vars.summary`. */
    writes: string[];
    /** The references that this step reads, such as `inputs.text`. */
    reads: string[];
  }[];
};

/** What can be planned of a run. */
export const PLANNED_OPERATIONS = ["replay", "fork", "resume", "push_back"] as const;
export type PlannedOperation = (typeof PLANNED_OPERATIONS)[number];

/** What a replay, fork, resume or push back would do, before it is done. */
export type ReplayPlanView = {
  run_id: string;
  operation: PlannedOperation;
  /** What was recorded up to here is reused; null for the beginning, and for a resume. */
  checkpoint_id: string | null;
  skill_id: string;
  skill_version: string;
  environment: string;
  inputs: JsonObject;
  /** What differs from the source: edited variables, chosen bindings by capability id, choices by step id. */
  vars: JsonObject;
  bindings: Record<string, string>;
  /** Capabilities with several bindings: which is called first, null where none may be. */
  binding_choices: { capability_id: string; binding_id: string | null; options: string[] }[];
  overrides: Record<string, ReplayPolicy>;
  rows: ReplayPlanRow[];
  totals: Record<ReplayPlanRow["decision"], number> & { estimated_ms: number };
  compatibility: StepCompatibility;
  plan_hash: string;
};
