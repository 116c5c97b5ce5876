import { DomainError } from "./errors.ts";

/** What ordering needs to know of a step. `dependsOn` null means implicit order. */
export type OrderedStep = {
  id: string;
  dependsOn: readonly string[] | null;
  /** References such as `vars.summary`. */
  reads: readonly string[];
  /** Targets such as `vars.summary`. */
  writes: readonly string[];
};

export type StepOrder = {
  dependsOn: number[][];
  dependants: number[][];
  isBranch: boolean[];
  /** A topological order; file order wherever the dependencies allow. */
  sequence: number[];
};

/**
 * Settles what each step waits for (`contract.md` §3.4): `depends_on` where given; otherwise the step before it
 * (`order`), or the latest earlier writers of what it reads and writes (`data`). Throws `invalid_configuration` for
 * an unknown id or a cycle. Kahn 1962; linear in steps and edges.
 */
export function orderSteps(steps: readonly OrderedStep[], schedule: "order" | "data"): StepOrder {
  const indexOf = new Map(steps.map((step, index) => [step.id, index]));
  const implicit = schedule === "data" ? dataDependencies(steps) : null;
  const dependsOn = steps.map((step, index) => {
    if (step.dependsOn !== null) {
      return [...new Set(step.dependsOn)].map((id) => knownIndex(indexOf, step.id, id));
    }
    if (implicit !== null) return implicit[index] ?? [];
    return index === 0 ? [] : [index - 1];
  });
  const dependants: number[][] = steps.map(() => []);
  dependsOn.forEach((dependencies, index) => {
    for (const dependency of dependencies) dependants[dependency]?.push(index);
  });
  return {
    dependsOn,
    dependants,
    isBranch: steps.map((step) => step.dependsOn !== null || schedule === "data"),
    sequence: topologicalOrder(steps, dependsOn, dependants),
  };
}

function knownIndex(indexOf: ReadonlyMap<string, number>, stepId: string, id: string): number {
  const index = indexOf.get(id);
  if (index !== undefined) return index;
  throw new DomainError(
    "invalid_configuration",
    `Step ${stepId} depends on ${id}, which is not a step.`,
    {
      hint: "depends_on takes ids of steps of the same skill.",
      details: { step_id: stepId, depends_on: id },
    },
  );
}

function topologicalOrder(
  steps: readonly OrderedStep[],
  dependsOn: readonly number[][],
  dependants: readonly number[][],
): number[] {
  const open = dependsOn.map((dependencies) => dependencies.length);
  const sequence = open.flatMap((count, index) => (count === 0 ? [index] : []));
  for (let position = 0; position < sequence.length; position += 1) {
    for (const dependant of dependants[sequence[position] ?? -1] ?? []) {
      const left = (open[dependant] ?? 0) - 1;
      open[dependant] = left;
      if (left === 0) sequence.push(dependant);
    }
  }
  if (sequence.length === steps.length) return sequence;
  const cycle = findCycle(open, dependsOn).map((index) => steps[index]?.id ?? "");
  throw new DomainError(
    "invalid_configuration",
    `Steps wait for each other in a circle: ${cycle.join(" → ")}.`,
    {
      hint: "Take one of these ids out of depends_on.",
      details: { cycle },
    },
  );
}

function findCycle(open: readonly number[], dependsOn: readonly number[][]): number[] {
  const path: number[] = [];
  let index = open.findIndex((count) => count > 0);
  while (!path.includes(index)) {
    path.push(index);
    index = dependsOn[index]?.find((dependency) => (open[dependency] ?? 0) > 0) ?? index;
  }
  return [...path.slice(path.indexOf(index)), index].toReversed();
}

/**
 * A step waits for the last earlier writer of each thing it reads, and for the earlier writer of what it writes, so
 * that merges happen in file order. `vars.a.b` and `vars.a` count as the same thing: the first segment decides.
 */
function dataDependencies(steps: readonly OrderedStep[]): number[][] {
  const lastWriter = new Map<string, number>();
  return steps.map((step, index) => {
    const names = [...step.reads, ...step.writes].map(slotOf);
    const dependencies = new Set<number>();
    for (const name of names) {
      const writer = lastWriter.get(name);
      if (writer !== undefined) dependencies.add(writer);
    }
    for (const target of step.writes) lastWriter.set(slotOf(target), index);
    return [...dependencies];
  });
}

function slotOf(reference: string): string {
  const second = reference.indexOf(".", reference.indexOf(".") + 1);
  return second === -1 ? reference : reference.slice(0, second);
}
