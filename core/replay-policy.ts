import type { ReplayPolicy } from "./capability.ts";
import type { Overrides } from "./recorded-results.ts";
import type { StepRef } from "./run-events.ts";

/**
 * The replay policy that holds for a call at one place of a run: the one place that says so, for the executor and for the
 * plan. `declared` is the capability's own; what was chosen for this run goes before it.
 */
export function replayPolicyOf({
  ref,
  declared,
  overrides = {},
}: {
  ref: StepRef;
  declared: ReplayPolicy;
  overrides?: Overrides | undefined;
}): ReplayPolicy {
  return overrides[ref.step_id] ?? declared;
}
