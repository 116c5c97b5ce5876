import { undoRef } from "./compensation.ts";
import type { DomainError } from "./errors.ts";
import { invalidTransition, isTerminal, type RunStatus } from "./run.ts";
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

/** The refusal of a resume of a run that is not resumable. It says what there is to do instead. */
export function resumeRefusal(state: RunState): DomainError {
  const { runId, status } = state;
  const hint = isTerminal(status) && mayBeUndone(state) ? WAS_UNDONE : INSTEAD[status];
  return invalidTransition(runId, status, "running", hint);
}

const WAS_UNDONE =
  "What it did outside was undone, or may have been. Say what became of undoings in doubt; or replay it: what was undone is done again, what still stands is reused.";

/** Of runs that go on without being resumed. */
const INSTEAD: Partial<Record<RunStatus, string>> = {
  pending: "It begins by itself, at its start time where it has one.",
  running: "It is at work; nothing holds it.",
  replaying: "It is at work; nothing holds it.",
  waiting_for_human: "It goes on by itself once people have decided what it asks.",
  waiting_for_signal: "It goes on by itself once what it waits for is there, such as the signal.",
  compensating: "What it did outside is being undone.",
};

function mayBeUndone({ compensation, steps }: RunState): boolean {
  const { undo = [], isUndone = [] } = compensation ?? {};
  return undo.some((item, index) => {
    const { step_id: stepId, occurrence } = undoRef(item, index);
    const undoing = steps.get(occurrenceKey(stepId, occurrence))?.effect?.status;
    return isUndone[index] === true || undoing === "in_doubt" || undoing === "attempted";
  });
}
