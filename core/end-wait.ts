import { toErrorRecord } from "./errors.ts";
import type { JsonObject } from "./json.ts";
import { assertUsable } from "./loop-results.ts";
import type { NewEvent, StepRef } from "./run-events.ts";
import type { PlanStep } from "./run-plan.ts";
import type { RunState } from "./run-state.ts";
import { occurrenceKey } from "./step.ts";

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
    const { signal_id: _signal, ...place } = ref;
    const attempt = state.steps.get(occurrenceKey(ref.step_id, ref.occurrence))?.attempt ?? 1;
    return [{ type: "step.failed", payload: { ...place, attempt, error: toErrorRecord(error) } }];
  }
}
