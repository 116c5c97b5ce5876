import { undoRef } from "./compensation.ts";
import type { RunState } from "./run-state.ts";
import { occurrenceKey } from "./step.ts";

/**
 * True for a run that somebody may let go on: paused, ended without success, or a fork that nobody has started yet. Not
 * one whose effects were or may have been undone: its later steps would build on what is no longer there.
 */
export function isResumable(state: RunState): boolean {
  const { status, replay } = state;
  if (mayBeUndone(state)) return false;
  if (status === "pending") return replay?.isHeld === true;
  return status === "paused" || status === "failed" || status === "canceled";
}

function mayBeUndone({ compensation, steps }: RunState): boolean {
  const { undo = [], isUndone = [] } = compensation ?? {};
  return undo.some((item, index) => {
    const { step_id: stepId, occurrence } = undoRef(item, index);
    const undoing = steps.get(occurrenceKey(stepId, occurrence))?.effect?.status;
    return isUndone[index] === true || undoing === "in_doubt" || undoing === "attempted";
  });
}
