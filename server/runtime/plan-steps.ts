import type { OverrideTarget } from "../../core/override-options.ts";
import type { RecordedResult } from "../../core/recorded-results.ts";
import { refOfKey } from "../../core/decision.ts";
import type { Plan, PlanStep } from "../../core/run-plan.ts";
import {
  compareSteps,
  ledgerPathsFor,
  mappedStep,
  shapeOf,
  type StepCompatibility,
  type StepMapWish,
  type StepShape,
} from "../../core/step-compatibility.ts";
import type { RegistryCatalog } from "../registry/registry-catalog.ts";
import { compileContract } from "./contract-validation.ts";

/** Everything that a compiled step may call. */
export function targetsOf({ uses, loop, router }: PlanStep): string[] {
  if (loop?.kind === "scatter") return loop.targets.map((target) => target.uses);
  if (router === null) return [uses];
  return [...Object.values(router.cases), ...(router.default === null ? [] : [router.default])];
}

/** What a step may call, as far as choosing for it depends on it; an unknown capability counts as the gravest. */
export function overrideTargetsOf(catalog: RegistryCatalog, step: PlanStep): OverrideTarget[] {
  return targetsOf(step).map((uses) => {
    const entry = catalog.capability(uses);
    return {
      effectClass: entry?.effectContract.effectClass ?? "external_action",
      declared: entry?.effectContract.replayPolicy ?? "require_human",
      isIrreversible: entry?.capability.safety?.reversible === false,
    };
  });
}

type Mapping = {
  compatibility: StepCompatibility;
  stepMap: Record<string, string | null>;
  ledgerPaths: Record<string, string>;
};

/** The steps of a run's source as this catalog still knows them; without its version, as far as they were recorded. */
export type SourceSteps = {
  plan: Plan | null;
  ids: ReadonlySet<string>;
  results: ReadonlyMap<string, RecordedResult>;
  ledgerPaths: Readonly<Record<string, string>>;
};

/** What has become of the source's steps in the version that would run, and where the ledger knows those. */
export function mapSteps(
  catalog: RegistryCatalog,
  source: SourceSteps,
  target: Plan,
  wish: StepMapWish,
): Mapping {
  const shapes = (plan: Plan) => new Map(plan.steps.map((step) => [step.id, shapeOf(step)]));
  const after = shapes(target);
  const before = source.plan === null ? recordedShapes(source.ids, after) : shapes(source.plan);
  const { compatibility, stepMap } = compareSteps(before, after, wish);
  const ledgerPaths = ledgerPathsFor(
    target.steps.map(({ id }) => id),
    stepMap,
    { stepIds: before.keys(), paths: source.ledgerPaths },
    target.skillVersion,
  );
  for (const [stepId, reason] of unfitResults(catalog, source, stepMap, target)) {
    stepMap[stepId] = null;
    compatibility.retyped.push({ step_id: stepId, reason });
  }
  return { compatibility, stepMap, ledgerPaths };
}

function recordedShapes(ids: ReadonlySet<string>, after: ReadonlyMap<string, StepShape>) {
  const gone: StepShape = { uses: "", repeats: null, inputs: [] };
  return new Map([...ids].map((id) => [id, after.get(id) ?? gone]));
}

/** Steps whose recorded output is none that their capability would give today. */
function unfitResults(
  catalog: RegistryCatalog,
  { results }: SourceSteps,
  stepMap: Readonly<Record<string, string | null>>,
  target: Plan,
): Map<string, string> {
  const unfit = new Map<string, string>();
  for (const [key, { uses: own, output }] of results) {
    const { step_id: stepId } = refOfKey(key);
    const step = target.steps[target.stepIndex.get(mappedStep(stepMap, stepId) ?? "") ?? -1];
    if (step === undefined || unfit.has(stepId)) continue;
    const entry = catalog.capability(own ?? step.uses);
    if (entry === null) continue;
    try {
      compileContract(entry.capability).completeOutput(output, { traceId: "", bindingId: "" });
    } catch (error) {
      const why = error instanceof Error ? error.message : "";
      unfit.set(stepId, `what it brought is not what ${entry.capability.id} gives now: ${why}`);
    }
  }
  return unfit;
}
