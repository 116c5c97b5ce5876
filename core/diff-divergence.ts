import type { DiffRow, StepPlace } from "./run-diff-view.ts";
import type { SkillGraph } from "./run-view.ts";

type Row = StepPlace & Pick<DiffRow, "differences">;
type Graph = Pick<SkillGraph, "steps">;

/**
 * Where two runs part, and which rows differ because of it: those of steps downstream in either graph, and inside a
 * loop what follows there. `rows` stand in causal order, loops before their occurrences.
 */
export function findDivergence(
  rows: readonly Row[],
  graphs: readonly Graph[],
): { first: Row | null; isConsequence: (row: Row) => boolean } {
  const first = findFirst(rows);
  if (first === null) return { first, isConsequence: () => false };
  const downstream = findDownstream(first.step_id, graphs);
  const isWhile = graphs.some(({ steps }) =>
    steps.some((step) => step.step_id === first.step_id && step.loop === "while"),
  );
  return {
    first,
    isConsequence: (row) =>
      row !== first &&
      row.differences.length > 0 &&
      (row.step_id === first.step_id
        ? followsInLoop(first.occurrence, row.occurrence, isWhile)
        : downstream.has(row.step_id)),
  };
}

/** The first row that differs, unless it is a loop that only ends otherwise because one of its occurrences does. */
function findFirst(rows: readonly Row[]): Row | null {
  const found = rows.find(isDifferent);
  if (found === undefined || found.occurrence !== null || BEGINS_OTHERWISE.some(isIn(found)))
    return found ?? null;
  return (
    rows.find((row) => row.step_id === found.step_id && row !== found && isDifferent(row)) ?? found
  );
}

const BEGINS_OTHERWISE = ["only_a", "only_b", "uses", "input"] as const;

const isIn = (row: Row) => (name: DiffRow["differences"][number]) => row.differences.includes(name);
const isDifferent = (row: Row) => row.differences.length > 0;

/**
 * A loop follows from its occurrences, and they from how it began; iterations of a while follow from those before, and no
 * other one before the first divergence differs.
 */
function followsInLoop(first: string | null, other: string | null, isWhile: boolean): boolean {
  if (first === null || other === null) return true;
  return isWhile;
}

/** The steps that wait for a step, directly or through others, in any of the graphs. */
function findDownstream(stepId: string, graphs: readonly Graph[]): Set<string> {
  const dependants = new Map<string, string[]>();
  for (const { step_id: dependant, depends_on: dependencies } of graphs.flatMap(
    ({ steps }) => steps,
  )) {
    for (const dependency of dependencies) {
      const known = dependants.get(dependency);
      if (known === undefined) dependants.set(dependency, [dependant]);
      else known.push(dependant);
    }
  }
  const found = new Set<string>();
  const open = [stepId];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const dependant of dependants.get(next) ?? []) {
      if (found.has(dependant) || dependant === stepId) continue;
      found.add(dependant);
      open.push(dependant);
    }
  }
  return found;
}
