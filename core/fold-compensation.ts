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
export function foldCompensated(
  state: RunState,
  { step_id: stepId, occurrence, effect_id: effectId }: EventPayloads["step.compensated"],
): void {
  const { compensation } = state;
  const index = compensation?.undo.findIndex((item) => item.effect_id === effectId) ?? -1;
  if (compensation === undefined || index === -1) return;
  compensation.isUndone[index] = true;
  for (const key of new Set([occurrenceKey(stepId, occurrence), stepId])) {
    const step = state.steps.get(key);
    const stands = compensation.undo.some(
      (item, place) =>
        compensation.isUndone[place] !== true &&
        (key === stepId
          ? item.step_id === stepId
          : item.step_id === stepId && item.occurrence === occurrence),
    );
    if (!stands && step?.status === "completed") step.status = "compensated";
  }
}
