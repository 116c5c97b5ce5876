import type { RunState } from "./run-state.ts";

/**
 * True for a run that somebody may let go on: paused, ended without success, or a fork that nobody has started yet. Not
 * one whose effects were undone: its later steps would build on what is no longer there.
 */
export function isResumable({
  status,
  replay,
  compensation,
}: Pick<RunState, "status" | "replay" | "compensation">): boolean {
  if (compensation?.isUndone.includes(true) === true) return false;
  if (status === "pending") return replay?.isHeld === true;
  return status === "paused" || status === "failed" || status === "canceled";
}
