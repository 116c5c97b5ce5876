import type { CheckpointKind, EventType } from "./run-events.ts";

/** After which events a checkpoint follows in the same segment, and of which kind (`contract.md` §6). */
export const CHECKPOINT_AFTER: { readonly [T in EventType]?: CheckpointKind } = {
  "run.started": "run_started",
  "run.resumed": "run_resumed",
  "run.paused": "paused",
  "run.waiting_for_human": "waiting_for_human",
  "run.waiting_for_signal": "waiting_for_signal",
  "run.completed": "run_finished",
  "run.failed": "run_finished",
  "run.canceled": "run_finished",
  "step.completed": "step_completed",
  "step.failed": "step_completed",
  "step.skipped": "step_completed",
  "step.degraded": "step_completed",
  "step.canceled": "step_completed",
  "step.retry_scheduled": "retry_scheduled",
};
