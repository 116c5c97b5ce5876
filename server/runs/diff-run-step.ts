import { DomainError } from "../../core/errors.ts";
import { jsonChanges } from "../../core/json-changes.ts";
import type { JsonObject } from "../../core/json.ts";
import { diffRuns } from "../../core/run-diff.ts";
import type { StepDiff, StepPlace } from "../../core/run-diff-view.ts";
import { occurrenceKey } from "../../core/step.ts";
import type { CallContext } from "../api/call-context.ts";
import { getRunSummary } from "./get-run-summary.ts";
import { type ReadStep, readSteps } from "./read-steps.ts";
import { digestOf, toStepSummary } from "./step-summary.ts";

/** More differences than anybody reads; `change_count` tells of the rest. */
const MAX_CHANGES = 1000;

/**
 * Where the payloads and the errors of one step of two runs differ. Throws `run_not_found` for a run that the tenant
 * does not have, and `not_found` where neither run came to the step.
 */
export async function diffRunStep(
  ctx: CallContext,
  { runId, otherRunId, place }: { runId: string; otherRunId: string; place: StepPlace },
): Promise<StepDiff> {
  const key = occurrenceKey(place.step_id, place.occurrence ?? undefined);
  const runs = await Promise.all([getRunSummary(ctx, runId), getRunSummary(ctx, otherRunId)]);
  const [a = null, b = null] = await Promise.all(
    runs.map(async (run) => (await readSteps(ctx, run, (payload) => payload, key)).get(key)),
  );
  const [row] = diffRuns(toCompared(a), toCompared(b)).rows;
  if (row === undefined) {
    throw new DomainError("not_found", `Neither run came to a step ${key}.`, {
      hint: `List the steps with GET /api/v1/runs/${runId}/steps; an occurrence of a loop is named beside its step.`,
      details: { step_id: place.step_id, occurrence: place.occurrence },
    });
  }
  const changes = jsonChanges(valuesOf(a), valuesOf(b));
  return {
    kind: "step",
    step_id: row.step_id,
    occurrence: row.occurrence,
    differences: row.differences,
    a: row.a,
    b: row.b,
    changes: changes.slice(0, MAX_CHANGES),
    change_count: changes.length,
  };
}

function toCompared(step: ReadStep<JsonObject> | null) {
  if (step === null) return { steps: [], graph: { steps: [] } };
  const { view, input, output } = step;
  const summary = toStepSummary({
    view,
    input: input === null ? null : digestOf(input),
    output: output === null ? null : digestOf(output),
  });
  return { steps: [summary], graph: { steps: [] } };
}

/** What is compared by content. */
function valuesOf(step: ReadStep<JsonObject> | null): JsonObject {
  const { input = null, output = null, view } = step ?? {};
  const error = view?.error ?? null;
  return {
    ...(input === null ? {} : { input }),
    ...(output === null ? {} : { output }),
    ...(error === null ? {} : { error: { code: error.code, message: error.message } }),
  };
}
