import { saysNeverHappened, undoItemOf } from "../../core/compensation.ts";
import { assertUsable } from "../../core/loop-results.ts";
import { toErrorRecord, type ErrorRecord } from "../../core/errors.ts";
import type { JsonObject } from "../../core/json.ts";
import { mayRetry, retryDelayMs } from "../../core/retry.ts";
import type { NewEvent, StepRef } from "../../core/run-events.ts";
import type { PlanStep } from "../../core/run-plan.ts";
import { recordFacts, type RunSession } from "./run-session.ts";

type StepStarted = Extract<NewEvent, { type: "step.started" }>;

/**
 * Records that a step starts, with the facts that go with it. False where its input cannot be stored: the step has
 * failed then, by its own rule.
 */
export function beginStep(
  session: RunSession,
  step: PlanStep,
  started: StepStarted,
  rest: readonly NewEvent[],
): boolean {
  try {
    recordFacts(session, [started, ...rest]);
    return true;
  } catch (error) {
    const { input: _unstorable, ...payload } = started.payload;
    recordFacts(session, [{ type: "step.started", payload }]);
    failAttempt(session, step, {
      ref: refOf(payload),
      attempt: payload.attempt,
      error: toErrorRecord(error),
    });
    return false;
  }
}

function refOf({ step_id, occurrence }: StepRef): StepRef {
  return occurrence === undefined ? { step_id } : { step_id, occurrence };
}

/** Records that a step has its output, or that the output cannot be taken over. `before` goes into the same record. */
export function completeStep(
  session: RunSession,
  step: PlanStep,
  end: {
    ref: StepRef;
    attempt: number;
    output: JsonObject;
    durationMs?: number;
    before?: NewEvent[];
    reusedFrom?: { run_id: string; sequence: number };
  },
): void {
  const { ref, attempt, output, durationMs, before = [], reusedFrom } = end;
  if (before.length > 0) recordFacts(session, before);
  const duration = durationMs === undefined ? {} : { duration_ms: durationMs };
  const origin = reusedFrom === undefined ? {} : { reused_from: reusedFrom };
  try {
    assertUsable(step, session.history.state, ref.occurrence, output);
    recordFacts(session, [
      { type: "step.completed", payload: { ...ref, output, ...duration, ...origin } },
    ]);
  } catch (error) {
    // What cannot be mapped, merged or stored would fail in the same way again.
    recordFacts(session, [
      { type: "step.failed", payload: { ...ref, attempt, error: toErrorRecord(error) } },
    ]);
  }
}

/** Records that an attempt failed: another one is scheduled where the step's rule allows it. */
export function failAttempt(
  session: RunSession,
  step: PlanStep,
  end: { ref: StepRef; attempt: number; error: ErrorRecord },
): void {
  const { retry } = step;
  const { ref, attempt, error } = end;
  const undone = undoItemOf(session.history.state, ref);
  const isAbsent = undone !== null && saysNeverHappened(undone, error);
  if (isAbsent || retry === null || session.stop !== null || !mayRetry(retry, attempt, error)) {
    recordFacts(session, [{ type: "step.failed", payload: { ...ref, attempt, error } }]);
    return;
  }
  const { now, random } = session.world;
  const dueAt = new Date(now() + retryDelayMs(retry, attempt, random())).toISOString();
  recordFacts(session, [
    { type: "step.retry_scheduled", payload: { ...ref, attempt, error, due_at: dueAt } },
  ]);
}
