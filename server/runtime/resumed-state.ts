import { evolve } from "../../core/evolve.ts";
import { isResumable, resumeRefusal } from "../../core/resumable.ts";
import type { EventPayloads, RunEvent } from "../../core/run-events.ts";
import type { Plan } from "../../core/run-plan.ts";
import { emptyRunState, type RunState } from "../../core/run-state.ts";
import type { Overrides } from "../../core/recorded-results.ts";

type OneRun = { tenantId: string; runId: string };

/** A run as it would be right after it was resumed. Throws `invalid_transition` where it cannot be. */
export function resumedState(
  plan: Plan,
  { tenantId, runId, overrides }: OneRun & { overrides: Overrides },
  events: readonly RunEvent[],
  now: number,
): RunState {
  const state = emptyRunState(plan, { tenantId, runId, traceId: "" });
  for (const event of events) evolve(plan, state, event);
  if (!isResumable(state)) throw resumeRefusal(state);
  const payload = { overrides: { ...overrides } };
  const event = { type: "run.resumed" as const, payload };
  return evolve(plan, state, { ...event, sequence: state.sequence + 1, at: now });
}

/** A replay or fork when it begins to decide. */
export function replayingState(
  plan: Plan,
  run: OneRun,
  created: EventPayloads["run.created"],
  now: number,
): RunState {
  const state = emptyRunState(plan, { ...run, traceId: "" });
  return evolve(plan, state, { type: "run.created", payload: created, sequence: 1, at: now });
}
