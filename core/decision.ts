import type { ApprovalRequest } from "./approval-request.ts";
import type { CompensationEnd } from "./compensation.ts";
import { DomainError, toErrorRecord, type ErrorRecord } from "./errors.ts";
import type { JsonObject } from "./json.ts";
import type { NewEvent, StepRef } from "./run-events.ts";
import type { PlanStep } from "./run-plan.ts";
import type { RunState } from "./run-state.ts";
import type { Scope } from "./scope.ts";

/** Why a run is being brought to an end from outside its plan. */
export type Stop =
  | { kind: "cancel"; reason?: string; actor?: string; shouldCompensate?: boolean }
  | { kind: "fail"; error: ErrorRecord };

/** The event that ends a run without success. */
export type RunEnd = Extract<NewEvent, { type: "run.failed" | "run.canceled" }>;

/** What a decision may know besides the run: the time in milliseconds since 1970, and a wish to stop. */
export type Now = { now: number; stop: Stop | null };

/**
 * The next thing to do: facts to record, one call to make after recording that it starts, people to ask, or to find out
 * what there is to undo before the run ends (`events`: its end where there is nothing). `null` means that nothing is
 * to be done until something happens.
 */
export type Decision =
  | { kind: "record"; events: NewEvent[] }
  | {
      kind: "call";
      step: PlanStep;
      ref: StepRef;
      uses: string;
      input: JsonObject;
      attempt: number;
    }
  | { kind: "ask"; step: PlanStep; ref: StepRef; input: JsonObject; request: ApprovalRequest }
  | { kind: "compensate"; events: RunEnd[]; end: CompensationEnd; actor?: string };

/** At most this many occurrences of one run are under way at once (`contract.md` §12). */
export const MAX_RUNNING_OCCURRENCES = 100;

/** At most this many occurrences are started in one run (`contract.md` §12). */
export const MAX_OCCURRENCES = 100_000;

/** The scope that a step, or one occurrence of it, reads from. */
export function scopeWith(state: RunState, locals: JsonObject): Scope {
  return { ...state.scope, locals };
}

/** `step.failed` for a step that could not even begin, or whose result cannot be used. */
export function failStep(ref: StepRef, thrown: unknown, attempt: number): Decision {
  return record({
    type: "step.failed",
    payload: { ...ref, attempt, error: toErrorRecord(thrown) },
  });
}

/** A decision that needs no work outside: facts to record. */
export function record(...events: NewEvent[]): Decision {
  return { kind: "record", events };
}

/** The step and occurrence that a key of `state.steps` names. */
export function refOfKey(key: string): StepRef {
  const hash = key.indexOf("#");
  return hash === -1
    ? { step_id: key }
    : { step_id: key.slice(0, hash), occurrence: key.slice(hash + 1) };
}

/** The capability or skill that a step calls: its own, or the one that its router chooses. Throws DomainError for no match. */
export function routeOf(step: PlanStep, scope: Scope): string {
  if (step.router === null) return step.uses;
  const value = step.router.on.evaluate(scope);
  const label = typeof value === "string" ? value : JSON.stringify(value);
  const target = Object.hasOwn(step.router.cases, label)
    ? step.router.cases[label]
    : step.router.default;
  if (target !== null && target !== undefined) return target;
  throw new DomainError(
    "invalid_request",
    `The router of step ${step.id} has no case for ${JSON.stringify(label)}.`,
    {
      hint: "Add the case, or a default.",
      details: { step_id: step.id, value, cases: Object.keys(step.router.cases) },
    },
  );
}
