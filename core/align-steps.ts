import { mergeOrders } from "./merge-orders.ts";
import type { ComparedRun, StepPlace, StepSummary } from "./run-diff-view.ts";
import { orderSteps } from "./step-order.ts";

/** A step or occurrence beside its counterpart; at most one side is missing. */
export type AlignedSteps = StepPlace & { a: StepSummary | null; b: StepSummary | null };

/**
 * Every step and occurrence of both runs once: steps in an order that follows both graphs, a loop before its
 * occurrences, and these in theirs. Linear but for the ordering of occurrences that only one run has.
 */
export function alignSteps(a: ComparedRun, b: ComparedRun): AlignedSteps[] {
  const [stepsA, stepsB] = [byStep(a.steps), byStep(b.steps)];
  return mergeOrders(orderOf(a, stepsA), orderOf(b, stepsB)).flatMap((stepId) => {
    const [inA, inB] = [stepsA.get(stepId), stepsB.get(stepId)];
    return orderOccurrences(inA, inB).map((occurrence) => ({
      step_id: stepId,
      occurrence,
      a: inA?.get(occurrence) ?? null,
      b: inB?.get(occurrence) ?? null,
    }));
  });
}

type Occurrences = ReadonlyMap<string | null, StepSummary>;

function byStep(steps: readonly StepSummary[]): Map<string, Map<string | null, StepSummary>> {
  const found = new Map<string, Map<string | null, StepSummary>>();
  for (const step of steps) {
    const occurrences = found.get(step.step_id);
    if (occurrences === undefined) found.set(step.step_id, new Map([[step.occurrence, step]]));
    else occurrences.set(step.occurrence, step);
  }
  return found;
}

/** The graph's order, also of what the run did not come to; steps that the graph does not know follow as they began. */
function orderOf({ graph }: ComparedRun, steps: ReadonlyMap<string, unknown>): string[] {
  const { sequence } = orderSteps(
    graph.steps.map((step) => ({
      id: step.step_id,
      dependsOn: step.depends_on,
      reads: [],
      writes: [],
    })),
    "order",
  );
  const planned = sequence.flatMap((index) => graph.steps[index]?.step_id ?? []);
  return [...new Set([...planned, ...steps.keys()])];
}

/** The loop itself (null) first; positions by number, the aliases of a scatter as they began. */
function orderOccurrences(
  a: Occurrences | undefined,
  b: Occurrences | undefined,
): (string | null)[] {
  const [namesA, namesB] = [namesOf(a), namesOf(b)];
  const isWhole = a?.has(null) === true || b?.has(null) === true;
  const isNumbered = [...namesA, ...namesB].every((name) => /^\d+$/.test(name));
  const names = isNumbered
    ? [...new Set([...namesA, ...namesB])].toSorted((one, other) => Number(one) - Number(other))
    : mergeOrders(namesA, namesB);
  return [...(isWhole ? [null] : []), ...names];
}

function namesOf(occurrences: Occurrences | undefined): string[] {
  return [...(occurrences?.keys() ?? [])].filter((name) => name !== null);
}
