import { alignSteps, type AlignedSteps } from "./align-steps.ts";
import { findDivergence } from "./diff-divergence.ts";
import {
  RUN_DIFFERENCES,
  STEP_DIFFERENCES,
  type ComparedRun,
  type DiffRow,
  type RunDifference,
  type RunSide,
  type StepDifference,
  type StepsDiff,
  type StepSide,
  type StepSummary,
} from "./run-diff-view.ts";

/**
 * Compares two runs by step id and occurrence, in an order in which causes precede effects. Runs of different skills
 * or versions meet in the steps whose ids they share. Swapping the runs swaps the sides and changes nothing else.
 */
export function diffRuns(a: ComparedRun, b: ComparedRun): StepsDiff {
  const aligned = alignSteps(a, b).map((row) => ({ ...row, differences: differencesOf(row) }));
  const { first, isConsequence } = findDivergence(aligned, [a.graph, b.graph]);
  const rows = aligned.map((row) => toRow(row, isConsequence(row)));
  const count = (has: (row: DiffRow) => boolean) => rows.filter(has).length;
  const onlyA = count((row) => row.b === null);
  const onlyB = count((row) => row.a === null);
  const equal = count((row) => row.differences.length === 0);
  return {
    rows,
    first_divergence:
      first === null ? null : { step_id: first.step_id, occurrence: first.occurrence },
    consequences: count((row) => row.is_consequence),
    totals: {
      equal,
      differing: rows.length - equal - onlyA - onlyB,
      only_a: onlyA,
      only_b: onlyB,
      effects: { a: effectsOf(a), b: effectsOf(b) },
    },
  };
}

/** How two runs differ as wholes. A version is told apart within one skill only. */
export function diffRunSides(a: RunSide, b: RunSide): RunDifference[] {
  const isSameSkill = a.skill_id === b.skill_id;
  const differs: Record<RunDifference, boolean> = {
    skill: !isSameSkill,
    version: isSameSkill && a.skill_version !== b.skill_version,
    environment: a.environment !== b.environment,
    inputs: a.inputs.hash !== b.inputs.hash,
    status: a.status !== b.status,
    outputs: a.outputs?.hash !== b.outputs?.hash,
  };
  return RUN_DIFFERENCES.filter((name) => differs[name]);
}

function differencesOf({ a, b }: AlignedSteps): StepDifference[] {
  if (a === null) return ["only_b"];
  if (b === null) return ["only_a"];
  // A reused result was called for by the run that it comes from: how it came about is nothing to compare here.
  const isCalled = a.uses !== null && b.uses !== null;
  const differs: Record<Exclude<StepDifference, "only_a" | "only_b">, boolean> = {
    status: a.status !== b.status,
    uses: isCalled && a.uses !== b.uses,
    binding:
      isCalled &&
      (a.binding?.binding_id !== b.binding?.binding_id ||
        a.binding?.service_id !== b.binding?.service_id),
    input: a.input?.hash !== b.input?.hash,
    output: a.output?.hash !== b.output?.hash,
    error: a.error?.code !== b.error?.code || a.error?.message !== b.error?.message,
    attempts: isCalled && a.attempts !== b.attempts,
  };
  return STEP_DIFFERENCES.filter((name) => name !== "only_a" && name !== "only_b" && differs[name]);
}

function toRow(
  { step_id: stepId, occurrence, differences, a, b }: AlignedSteps & Pick<DiffRow, "differences">,
  isConsequence: boolean,
): DiffRow {
  return {
    step_id: stepId,
    occurrence,
    differences,
    is_consequence: isConsequence,
    a: a === null ? null : toSide(a),
    b: b === null ? null : toSide(b),
  };
}

function toSide(step: StepSummary): StepSide {
  const { step_id: _stepId, occurrence: _occurrence, ...side } = step;
  return side;
}

function effectsOf({ steps }: ComparedRun): number {
  return steps.reduce((sum, step) => sum + step.effects, 0);
}
