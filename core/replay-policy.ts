import type { ReplayPolicy } from "./capability.ts";
import { isUndo } from "./compensation.ts";
import type { Overrides } from "./recorded-results.ts";
import type { StepRef } from "./run-events.ts";

/**
 * The replay policy that holds for a call at one place of a run: the one place that says so, for the executor and for the
 * plan. `declared` is the capability's own; what was chosen for this run goes before it. A run that is resumed is no replay:
 * what it has itself recorded stands. What undoes an effect is done once, whatever is chosen for the step that had it.
 */
export function replayPolicyOf({
  ref,
  declared,
  isOwnRecord,
  overrides = {},
}: {
  ref: StepRef;
  declared: ReplayPolicy;
  /** The ledger's record was made by the very run that comes by it again. */
  isOwnRecord: boolean;
  overrides?: Overrides | undefined;
}): ReplayPolicy {
  if (isOwnRecord || isUndo(ref)) return "use_recorded_result";
  return overrides[ref.step_id] ?? declared;
}
