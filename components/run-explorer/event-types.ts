import type { EventType } from "../../core/run-events.ts";

/** What events are about: the word before the first dot of their type, in words for the filter chips. */
export type EventTopic =
  | "run"
  | "step"
  | "binding"
  | "effect"
  | "approval"
  | "signal"
  | "timer"
  | "checkpoint"
  | "policy"
  | "artifact";

/** The topic of every type of event; a new type does not compile until it has one. */
export const EVENT_TOPICS: Record<EventType, EventTopic> = {
  "run.created": "run",
  "run.started": "run",
  "run.resumed": "run",
  "run.paused": "run",
  "run.waiting_for_human": "run",
  "run.waiting_for_signal": "run",
  "run.replaying": "run",
  "run.compensating": "run",
  "run.completed": "run",
  "run.failed": "run",
  "run.canceled": "run",
  "step.started": "step",
  "step.completed": "step",
  "step.failed": "step",
  "step.skipped": "step",
  "step.degraded": "step",
  "step.retry_scheduled": "step",
  "step.canceled": "step",
  "step.compensated": "step",
  "capability.selected": "binding",
  "binding.attempted": "binding",
  "side_effect.attempted": "effect",
  "side_effect.recorded": "effect",
  "side_effect.reused": "effect",
  "side_effect.blocked": "effect",
  "side_effect.failed": "effect",
  "side_effect.in_doubt": "effect",
  "side_effect.resolved": "effect",
  "approval.requested": "approval",
  "approval.claimed": "approval",
  "approval.released": "approval",
  "approval.reassigned": "approval",
  "approval.decided": "approval",
  "approval.expired": "approval",
  "signal.received": "signal",
  "timer.scheduled": "timer",
  "timer.fired": "timer",
  "checkpoint.saved": "checkpoint",
  "policy.evaluated": "policy",
  "artifact.saved": "artifact",
};

/** True for a type of event that this version of the pages knows; others are passed over (`contract.md` §5). */
export function isEventType(value: string): value is EventType {
  return Object.hasOwn(EVENT_TOPICS, value);
}
