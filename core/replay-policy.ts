import type { ReplayPolicy } from "./capability.ts";
import { isUndo } from "./compensation.ts";
import type { StepRef } from "./run-events.ts";

/**
 * The replay policy that holds for a call at one place of a run: the one place that says so, for the executor and for the
 * plan. `declared` is the capability's own. A run that is resumed is no replay: what it has itself recorded stands. What was undone already is never undone again.
 */
export function replayPolicyOf({
  ref,
  declared,
  isOwnRecord,
}: {
  ref: StepRef;
  declared: ReplayPolicy;
  /** The ledger's record was made by the very run that comes by it again. */
  isOwnRecord: boolean;
}): ReplayPolicy {
  return isOwnRecord || isUndo(ref) ? "use_recorded_result" : declared;
}
