import type { CheckpointKind, EventType, NewEvent } from "./run-events.ts";

const KIND_AFTER: { readonly [T in EventType]?: CheckpointKind } = {
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
  "approval.requested": "waiting_for_human",
};

/** The kind of checkpoint that follows an event in the same segment (`contract.md` §6); null for none. */
export function checkpointAfter(event: NewEvent): CheckpointKind | null {
  // A step that begins to wait is a boundary of its own, also while the run goes on beside it.
  if (event.type === "step.started" && event.payload.wait !== undefined)
    return event.payload.wait.kind === "approval" ? null : "waiting_for_signal";
  return KIND_AFTER[event.type] ?? null;
}
