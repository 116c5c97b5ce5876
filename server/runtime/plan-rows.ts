import { refOfKey } from "../../core/decision.ts";
import { placeOfEffect } from "../../core/ids.ts";
import type { JsonObject } from "../../core/json.ts";
import type { LedgerRecord } from "../../core/ledger-decision.ts";
import { assertMayOverride, overrideOptions, resumeOptions } from "../../core/override-options.ts";
import type { ReplayPlanRow } from "../../core/plan-rows.ts";
import { planReplay } from "../../core/replay-plan.ts";
import type { PlanStep } from "../../core/run-plan.ts";
import { isStepEnded } from "../../core/step.ts";
import { hashJson } from "./effect-facts.ts";
import { expectCalls } from "./expect-calls.ts";
import { bindingChoicesOf, bindingsFor } from "./plan-bindings.ts";
import { createEffectFinder } from "./plan-effects.ts";
import type { PlanPlace } from "./plan-place.ts";
import { overrideTargetsOf, targetsOf } from "./plan-steps.ts";

/** A run as it begins, and what it is driven over. */
type Driven = Pick<
  Parameters<typeof planReplay>[0],
  "state" | "recorded" | "expected" | "durationsMs"
> & { undone: ReadonlySet<string> };

/** The rows of a plan, and what else its hash depends on. Throws the refusal of a choice. */
export async function rowsOf(place: PlanPlace, { undone, ...driven }: Driven) {
  const { deps, wish, catalog, plan, caller } = place;
  const { state, expected } = driven;
  const chosen = bindingsFor(catalog, caller, plan, state.options);
  const findEffect = await createEffectFinder(deps.pool, catalog, state, place.history.events);
  const stepsOf = (results: ReadonlyMap<string, unknown> = new Map()) =>
    new Set([...results.keys()].map((key) => refOfKey(key).step_id));
  const isOwnRecord = ({ effectId }: LedgerRecord) =>
    wish.operation === "resume" && placeOfEffect(effectId)?.runId === wish.runId;
  const recordedSteps = stepsOf(expected);
  const takenSteps = stepsOf(driven.recorded?.results);
  const hasEnded = new Set(
    [...state.steps].flatMap(([key, { status }]) => (isStepEnded(status) ? [key] : [])),
  );
  const isTakenFromOthers = (step: PlanStep) =>
    takenSteps.has(step.id) ||
    targetsOf(step).some((uses) => {
      const effect = findEffect({ step_id: step.id, uses });
      return effect !== null && !isOwnRecord(effect);
    });
  const optionsOf = (step: PlanStep) => {
    const targets = overrideTargetsOf(catalog, step);
    const options = overrideOptions(step.kind, targets, recordedSteps.has(step.id));
    if (wish.operation !== "resume") return options;
    return resumeOptions(options, {
      hasEnded: hasEnded.has(step.id),
      isTakenFromOthers: isTakenFromOthers(step),
    });
  };
  assertMayOverride(
    wish.overrides,
    (stepId) => {
      const step = plan.steps[plan.stepIndex.get(stepId) ?? -1];
      return step === undefined ? null : optionsOf(step);
    },
    wish.roles,
  );
  const rows = planReplay({
    ...driven,
    plan,
    findEffect,
    isUndone: (key) => undone.has(key),
    optionsOf,
    isOwnRecord,
    prepare: expectCalls(catalog, caller, state.options),
    hashRequest: hashJson,
    now: deps.now(),
  });
  return { rows, chosen, bindingChoices: bindingChoicesOf(catalog, plan, chosen) };
}

/** The hash of a plan: changes with all that its rows depend on, `more` included. */
export function hashPlan(
  { wish, found }: PlanPlace,
  { rows, chosen }: { rows: readonly ReplayPlanRow[]; chosen: JsonObject },
  more: object,
): string {
  const plain: JsonObject = JSON.parse(
    JSON.stringify({
      ...more,
      operation: wish.operation,
      run_id: wish.runId,
      skill_hash: found.contentHash,
      chosen,
      rows: rows.map(({ estimated_ms: _time, may_become: _offers, ...row }) => row),
    }),
  );
  return hashJson(plain);
}
