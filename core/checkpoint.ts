import { canGoOn, type Frontier } from "./frontier.ts";
import type { CheckpointKind, EventType, NewEvent } from "./run-events.ts";

const KIND_AFTER: { readonly [T in EventType]?: CheckpointKind } = {
  "run.started": "run_started",
  "run.replaying": "run_started",
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

/**
 * The kind of checkpoint that follows an event in the same segment (`contract.md` §6); null for none. `frontier` is the
 * run's after the event.
 */
export function checkpointAfter(event: NewEvent, frontier: Frontier): CheckpointKind | null {
  // A step that begins to wait while the run goes on beside it; else the run's own wait follows at once.
  if (event.type === "step.started" && event.payload.wait !== undefined)
    return event.payload.wait.kind !== "approval" && canGoOn(frontier)
      ? "waiting_for_signal"
      : null;
  return KIND_AFTER[event.type] ?? null;
}
