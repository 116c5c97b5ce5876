import {
  failStep,
  MAX_OCCURRENCES,
  MAX_RUNNING_OCCURRENCES,
  record,
  refOfKey,
  routeOf,
  scopeWith,
  type Decision,
} from "./decision.ts";
import { DomainError } from "./errors.ts";
import { isTruthy } from "./expressions.ts";
import type { Json, JsonObject } from "./json.ts";
import { assertUsable, loopOutput } from "./loop-results.ts";
import { occurrenceNameAt, occurrenceNames } from "./occurrence-names.ts";
import type { StepRef } from "./run-events.ts";
import type { PlanStep } from "./run-plan.ts";
import type { LoopState, RunState } from "./run-state.ts";
import { occurrenceKey } from "./step.ts";

/** Starts a foreach, while or scatter: the loop's own step begins, its occurrences follow. May throw DomainError. */
export function startLoop(step: PlanStep, state: RunState): Decision {
  const ref = { step_id: step.id };
  const { loop } = step;
  if (loop?.kind === "foreach") {
    const items = itemsOf(step, loop.items.evaluate(state.scope), loop.maxItems, state.steps.size);
    return record({
      type: "step.started",
      payload: { ...ref, attempt: 1, loop: { kind: "foreach", count: items.length, items } },
    });
  }
  if (loop?.kind === "scatter") {
    const count = loop.targets.length;
    return record({
      type: "step.started",
      payload: { ...ref, attempt: 1, loop: { kind: "scatter", count } },
    });
  }
  return record({ type: "step.started", payload: { ...ref, attempt: 1, loop: { kind: "while" } } });
}

function itemsOf(step: PlanStep, value: Json, maxItems: number, occurrences: number): Json[] {
  if (!Array.isArray(value)) {
    throw new DomainError(
      "invalid_request",
      `foreach of step ${step.id} needs a list and got ${typeOf(value)}.`,
      {
        hint: "Point `items` at a list.",
        details: { step_id: step.id },
      },
    );
  }
  const most = Math.min(maxItems, MAX_OCCURRENCES - occurrences);
  if (value.length <= most) return value;
  throw new DomainError(
    "invalid_request",
    `foreach of step ${step.id} got ${value.length} items; at most ${most} are allowed.`,
    {
      hint: "Raise config.foreach.max_items, or split the list.",
      details: { step_id: step.id, items: value.length, max_items: most },
    },
  );
}

function typeOf(value: Json): string {
  if (value === null) return "null";
  return typeof value === "object" ? "a map" : `a ${typeof value}`;
}

/** The next thing to do for a loop that is under way: another occurrence, or its end. */
export function decideLoop(step: PlanStep, state: RunState): Decision | null {
  const loop = state.steps.get(step.id)?.loop;
  if (loop === undefined || step.loop === null) return null;
  try {
    if (hasWinner(step, loop)) {
      const late = idleOccurrence(step, state);
      if (late !== null) {
        return record({
          type: "step.canceled",
          payload: { ...late, reason: "another target of the scatter was first" },
        });
      }
    }
    const isOver = loop.running === 0 && hasNoMore(step, loop, state);
    if (isOver) return endLoop(step, state, loop);
    if (!mayStartMore(step, loop, state)) return null;
    if (state.steps.size >= MAX_OCCURRENCES) throw tooManyOccurrences(step);
    return startOccurrence(step, state, loop.next, loop.items);
  } catch (error) {
    return loop.running === 0 ? failStep({ step_id: step.id }, error, 1) : null;
  }
}

function tooManyOccurrences(step: PlanStep): DomainError {
  return new DomainError(
    "quota_exceeded",
    `Step ${step.id} would start more than ${MAX_OCCURRENCES} occurrences in one run.`,
    {
      hint: "Split the work into several runs, or nest a skill that does a part of it.",
      details: { step_id: step.id, max_occurrences: MAX_OCCURRENCES },
    },
  );
}

/** An occurrence that has begun and waits for its retry, or for people. */
function idleOccurrence(step: PlanStep, state: RunState): StepRef | null {
  for (const key of [...state.frontier.retrying, ...state.frontier.waiting]) {
    const ref = refOfKey(key);
    if (ref.step_id === step.id) return ref;
  }
  return null;
}

function hasNoMore(step: PlanStep, loop: LoopState, state: RunState): boolean {
  if (step.loop?.kind === "while") {
    if (loop.failed > 0) return true;
    if (loop.next === 0) return false;
    if (loop.next >= step.loop.maxIterations) return true;
    return !isTruthy(step.loop.condition.evaluate(scopeWith(state, { iteration: loop.next })));
  }
  if (loop.kind === "foreach" && loop.failed > 0) return true;
  if (hasWinner(step, loop)) return true;
  return loop.next >= (loop.count ?? 0);
}

function mayStartMore(step: PlanStep, loop: LoopState, state: RunState): boolean {
  if (state.frontier.running.size >= MAX_RUNNING_OCCURRENCES) return false;
  if (step.loop?.kind === "while") return loop.running === 0;
  if (loop.next >= (loop.count ?? 0)) return false;
  if (step.loop?.kind === "foreach")
    return loop.failed === 0 && loop.running < step.loop.concurrency;
  return !hasWinner(step, loop);
}

/** True once a `first_success` scatter has its answer: the occurrences still under way are to be aborted. */
export function hasWinner(step: PlanStep, loop: LoopState): boolean {
  return step.loop?.kind === "scatter" && step.loop.merge === "first_success" && loop.succeeded > 0;
}

function startOccurrence(
  step: PlanStep,
  state: RunState,
  index: number,
  items: Json[] | null,
): Decision {
  const { loop } = step;
  const ref = { step_id: step.id, occurrence: occurrenceNameAt(step, index) };
  const scope = scopeWith(state, localsFor(step, index, items));
  try {
    const uses =
      loop?.kind === "scatter" ? (loop.targets[index]?.uses ?? step.uses) : routeOf(step, scope);
    return { kind: "call", step, ref, uses, input: step.input.resolve(scope), attempt: 1 };
  } catch (error) {
    return record(
      { type: "step.started", payload: { ...ref, attempt: 1 } },
      ...recordsOf(failStep(ref, error, 1)),
    );
  }
}

function recordsOf(decision: Decision) {
  return decision.kind === "record" ? decision.events : [];
}

function localsFor(step: PlanStep, index: number, items: Json[] | null): JsonObject {
  if (step.loop?.kind === "foreach")
    return { [step.loop.as]: items?.[index] ?? null, [step.loop.indexAs]: index };
  if (step.loop?.kind === "while") return { iteration: index };
  return {};
}

function endLoop(step: PlanStep, state: RunState, loop: LoopState): Decision {
  const ref = { step_id: step.id };
  const mayLosePart = loop.kind === "scatter" && loop.succeeded > 0;
  if (loop.failed > 0 && !mayLosePart) return failStep(ref, firstError(step, state, loop), 1);
  if (step.loop?.kind !== "while") assertUsable(step, state, undefined, loopOutput(step, state));
  const isExhausted =
    step.loop?.kind === "while" &&
    loop.next >= step.loop.maxIterations &&
    isTruthy(step.loop.condition.evaluate(scopeWith(state, { iteration: loop.next })));
  return record({
    type: "step.completed",
    payload: isExhausted ? { ...ref, while_exhausted: true } : ref,
  });
}

/** The first failed occurrence's error, with the occurrence named. */
function firstError(step: PlanStep, state: RunState, loop: LoopState): DomainError {
  for (const name of occurrenceNames(step, loop)) {
    const error = state.steps.get(occurrenceKey(step.id, name))?.error;
    if (error === undefined) continue;
    return new DomainError(error.code, `Occurrence ${name}: ${error.message}`, {
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      details: { ...error.details, occurrence: name },
    });
  }
  return new DomainError("runtime_error", `No occurrence of step ${step.id} completed.`);
}
