import type { ReplayPolicy } from "./capability.ts";
import type { StepRef } from "./run-events.ts";

/**
 * The replay policy that holds for a call at one place of a run: the one place that says so, for the executor and for the
 * plan. `declared` is the capability's own.
 */
export function replayPolicyOf({
  declared,
}: {
  ref: StepRef;
  declared: ReplayPolicy;
}): ReplayPolicy {
  return declared;
}
