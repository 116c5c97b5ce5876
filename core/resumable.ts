import type { RunState } from "./run-state.ts";

/** True for a run that somebody may let go on: paused, ended without success, or a fork that nobody has started yet. */
export function isResumable({ status, replay }: Pick<RunState, "status" | "replay">): boolean {
  if (status === "pending") return replay?.isHeld === true;
  return status === "paused" || status === "failed" || status === "canceled";
}
