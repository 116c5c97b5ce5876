import type { JsonObject } from "../../core/json.ts";
import type { PayloadDigest, StepSummary } from "../../core/run-diff-view.ts";
import { digestJson } from "../runtime/effect-facts.ts";
import type { ReadStep } from "./read-steps.ts";

/** What stands for a payload where it is not asked for. */
export function digestOf(payload: JsonObject): PayloadDigest {
  const { hash, text } = digestJson(payload);
  return { hash, bytes: Buffer.byteLength(text) };
}

/** What a step did, for comparisons. */
export function toStepSummary({ view, input, output }: ReadStep<PayloadDigest>): StepSummary {
  const { started_at: from, ended_at: to, binding, error } = view;
  return {
    step_id: view.step_id,
    occurrence: view.occurrence,
    status: view.status,
    uses: view.uses,
    binding:
      binding === null ? null : { binding_id: binding.binding_id, service_id: binding.service_id },
    attempts: view.attempts.length,
    duration_ms: from === null || to === null ? null : Date.parse(to) - Date.parse(from),
    input,
    output,
    error: error === null ? null : { code: error.code, message: error.message },
    child_run_id: view.child_run_id,
    effects: view.effect_ids.length,
  };
}
