import type { ErrorRecord } from "./errors.ts";
import type { JsonObject } from "./json.ts";
import type { StepRef } from "./run-events.ts";
import type { Plan, PlanStep } from "./run-plan.ts";
import type { RunState } from "./run-state.ts";
import type { CompensationRule } from "./skill.ts";

/** What became of undoing a run (`contract.md` §4): `none` where nothing was to be undone. */
export const COMPENSATION_OUTCOMES = ["none", "completed", "failed"] as const;
export type CompensationOutcome = (typeof COMPENSATION_OUTCOMES)[number];

/** One effect that is undone: the step that caused it in this run, and the call that undoes it. */
export type UndoItem = StepRef & {
  effect_id: string;
  /** What was called, and what is called to undo it. */
  capability_id: string;
  uses: string;
  input: JsonObject;
  /** False where nobody knows whether the effect happened: the step may have acted. */
  is_certain: boolean;
};

/** One effect that stays as it is, and why. */
export type LeftEffect = StepRef & { effect_id: string; capability_id: string; reason: string };

/** How the run ends once everything is undone that can be. */
export type CompensationEnd =
  | { status: "failed"; error: ErrorRecord; step_id?: string }
  | { status: "canceled"; reason?: string };

/** What `run.compensating` says: all that is to be undone, in order, and what is left standing. */
export type CompensationPlan = {
  strategy: "backward" | "parallel";
  undo: UndoItem[];
  left: LeftEffect[];
};

/** What `run.failed` and `run.canceled` say of a compensation before them. */
export type CompensationResult = {
  outcome: CompensationOutcome;
  undone: number;
  left: LeftEffect[];
  /** Why nothing was undone: what there is to undo could not be found out. */
  error?: ErrorRecord;
};

/** A run that is undoing what it did. How each undoing stands is told by its occurrence (`undoRef`). */
export type CompensationState = CompensationPlan & {
  end: CompensationEnd;
  actor?: string;
  /** Per item of `undo`: it is undone. */
  isUndone: boolean[];
};

const UNDO = "undo:";

/** The occurrence under which the item at `index` is undone: it retries, waits and is recorded like any other. */
export function undoRef(item: StepRef, index: number): { step_id: string; occurrence: string } {
  return { step_id: item.step_id, occurrence: `${UNDO}${index + 1}` };
}

/** True for an occurrence that undoes an effect. */
export function isUndo({ occurrence }: { occurrence?: string | null }): boolean {
  return occurrence?.startsWith(UNDO) === true;
}

/** The item that an occurrence undoes; null for every other occurrence. */
export function undoItemOf(state: RunState, ref: StepRef): UndoItem | null {
  return state.compensation?.undo[undoIndexOf(ref)] ?? null;
}

/** Which item of what is undone an occurrence undoes; -1 for every other occurrence. */
export function undoIndexOf(ref: StepRef): number {
  if (ref.occurrence === undefined || !isUndo(ref)) return -1;
  return Number(ref.occurrence.slice(UNDO.length)) - 1;
}

/** The step as far as undoing it goes: it has a retry budget of its own, and writes nothing into the run. */
export function undoStep(plan: Plan, step: PlanStep): PlanStep {
  return {
    ...step,
    output: [],
    condition: null,
    retry: plan.compensation.retry,
    timeoutMs: null,
    loop: null,
    router: null,
  };
}

/** The step that an event is about; one that undoes an effect as `undoStep` has it. Null for a foreign one. */
export function stepAt(plan: Plan, ref: StepRef): PlanStep | null {
  const step = plan.steps[plan.stepIndex.get(ref.step_id) ?? -1];
  if (step === undefined) return null;
  return isUndo(ref) ? undoStep(plan, step) : step;
}

/** True where a failed run of such a rule undoes by itself; a replay or fork never does. */
export function isAutomatic(rule: CompensationRule, state: RunState): boolean {
  return rule.on_failure && rule.strategy !== "forward" && state.sourceRunId === null;
}

/**
 * True where an answer says that there is nothing to undo: the capability's own `not_found`, or, of an effect of which
 * nobody knows whether it happened, HTTP 404 and 410. Of an effect that did happen these may as well be a wrong address.
 */
export function saysNeverHappened(item: UndoItem, error: ErrorRecord | undefined): boolean {
  if (error?.code === "not_found") return true;
  const status = error?.details?.["status"];
  return !item.is_certain && (status === 404 || status === 410);
}

/** What came of a compensation so far. */
export function compensationResult({ undo, left, isUndone }: CompensationState): {
  compensation: CompensationResult;
} {
  const standing = undo.flatMap(({ effect_id, capability_id, step_id, occurrence }, index) =>
    isUndone[index] === true
      ? []
      : {
          effect_id,
          capability_id,
          step_id,
          ...(occurrence === undefined ? {} : { occurrence }),
          reason: "it could not be undone",
        },
  );
  const outcome = undo.length === 0 ? "none" : standing.length === 0 ? "completed" : "failed";
  const undone = undo.length - standing.length;
  return { compensation: { outcome, undone, left: [...standing, ...left] } };
}
