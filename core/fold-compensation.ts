import type { EventPayloads } from "./run-events.ts";
import type { RunState } from "./run-state.ts";
import { occurrenceKey } from "./step.ts";

/** The run begins to undo what it did, in place. */
export function foldCompensating(
  state: RunState,
  payload: EventPayloads["run.compensating"],
  actor: string | undefined,
): void {
  state.compensation = {
    ...payload,
    ...(actor === undefined ? {} : { actor }),
    isUndone: payload.undo.map(() => false),
  };
}

/**
 * One effect is undone, in place. A step (or occurrence) that had completed is compensated once nothing that it did
 * stands any more; one that had failed stays failed.
 */
export function foldCompensated(state: RunState, payload: EventPayloads["step.compensated"]): void {
  const { compensation } = state;
  const index = compensation?.undo.findIndex((item) => item.effect_id === payload.effect_id) ?? -1;
  if (compensation !== undefined && index !== -1) compensation.isUndone[index] = true;
  for (const key of compensatedKeys(payload)) {
    const step = state.steps.get(key);
    if (step?.status === "completed") step.status = "compensated";
  }
}

/** The steps and occurrences, as occurrence keys, of which nothing stands any more after an undoing. */
export function compensatedKeys({
  step_id: stepId,
  occurrence,
  completes,
}: Pick<EventPayloads["step.compensated"], "step_id" | "occurrence" | "completes">): string[] {
  if (completes === undefined) return [];
  const key = occurrenceKey(stepId, occurrence);
  return completes === "step" && key !== stepId ? [key, stepId] : [key];
}
