import type { EventType } from "./run-events.ts";
import type { RunStatus } from "./run.ts";

/** The status of a run after an event of this type: what the event names, or `running` where it ends a wait. */
export function runStatusAfter(status: RunStatus, type: EventType): RunStatus {
  const named = NAMED[type];
  if (named !== undefined) return named;
  const isWaiting = status === "waiting_for_human" || status === "waiting_for_signal";
  return isWaiting && ENDS_A_WAIT.has(type) ? "running" : status;
}

const NAMED: { readonly [T in EventType]?: RunStatus } = {
  "run.started": "running",
  "run.resumed": "running",
  "run.paused": "paused",
  "run.waiting_for_human": "waiting_for_human",
  "run.waiting_for_signal": "waiting_for_signal",
  "run.replaying": "replaying",
  "run.compensating": "compensating",
  "run.completed": "completed",
  "run.failed": "failed",
  "run.canceled": "canceled",
};

/** The facts that let a waiting run go on. */
const ENDS_A_WAIT: ReadonlySet<EventType> = new Set([
  "step.completed",
  "step.failed",
  "step.canceled",
  "step.degraded",
  "timer.fired",
  "approval.decided",
]);
