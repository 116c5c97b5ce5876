import { toErrorRecord } from "./errors.ts";
import type { JsonObject } from "./json.ts";
import { assertUsable } from "./loop-results.ts";
import type { NewEvent, StepRef } from "./run-events.ts";
import type { PlanStep } from "./run-plan.ts";
import type { RunState } from "./run-state.ts";

/** The end of a wait, or its failure where the output cannot be taken over. */
export function endWait(
  step: PlanStep,
  state: RunState,
  ref: StepRef & { signal_id?: string },
  output: JsonObject,
): NewEvent[] {
  try {
    assertUsable(step, state, ref.occurrence, output);
    return [{ type: "step.completed", payload: { ...ref, output } }];
  } catch (error) {
    const { signal_id: _taken, ...place } = ref;
    return [
      { type: "step.failed", payload: { ...place, attempt: 1, error: toErrorRecord(error) } },
    ];
  }
}
