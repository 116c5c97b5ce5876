import { isActing } from "../../core/capability.ts";
import type { Decision } from "../../core/decision.ts";
import { DomainError, toErrorRecord } from "../../core/errors.ts";
import type { JsonObject } from "../../core/json.ts";
import type { NewEvent, StepRef } from "../../core/run-events.ts";
import type { PlanStep } from "../../core/run-plan.ts";
import type { RunState } from "../../core/run-state.ts";
import { occurrenceKey } from "../../core/step.ts";
import { askForGates, asksFirst, clearanceOf } from "./approval-step.ts";
import type { CallAttempt } from "./call-attempt.ts";
import type { CallOutcome, PreparedCall } from "./capability-caller.ts";
import { DEFAULT_STEP_TIMEOUT_MS } from "./durations.ts";
import { reuseOrExecute } from "./earlier-effect.ts";
import {
  announced,
  effectAttempt,
  effectNeverSent,
  effectOutcome,
  type EffectAttempt,
} from "./effect-facts.ts";
import { recordFacts, stepPathOf, type RunSession } from "./run-session.ts";
import { pursueDoubt, probed, type DoubtWays } from "./in-doubt.ts";
import { timeoutError } from "./step-errors.ts";
import { beginStep, completeStep, failAttempt } from "./step-outcome.ts";
import { passGates, policyFacts, type GatesEnd } from "./step-policy.ts";
import { setLongTimeout } from "./long-timeout.ts";
import { traceparentOf } from "./trace-context.ts";

/** Begins an attempt that was decided on: the start and the choice of binding are recorded, then the call is made. */
export function startCapabilityStep(
  session: RunSession,
  decision: Extract<Decision, { kind: "call" }>,
): void {
  const { step, ref, uses, input, attempt } = decision;
  const started = {
    type: "step.started" as const,
    payload: { ...ref, attempt, input, ...(uses === step.uses ? {} : { uses }) },
  };
  const call = prepare(session, uses, input);
  if (call instanceof DomainError) {
    const hasBegun = beginStep(session, step, started, policyFacts(ref, call));
    if (hasBegun) failAttempt(session, step, { ref, attempt, error: call.toRecord() });
    return;
  }
  const isAskedNow = !hasPreGates(call) && !looksUpFirst(session, ref, call);
  if (isAskedNow && asksFirst(session, { step, ref, uses, attempt, input, call })) return;
  const selected: NewEvent = {
    type: "capability.selected",
    payload: {
      ...ref,
      capability_id: call.capabilityId,
      binding_id: call.bindingId,
      service_id: call.serviceId,
      reason: call.reason,
    },
  };
  const key = occurrenceKey(ref.step_id, ref.occurrence);
  if (beginStep(session, step, started, [selected])) {
    send(session, { step, ref, key, uses, attempt, input, call });
  }
}

/** Nobody is asked about a call that is not made because the lineage has its result: the ledger is looked at before. */
function looksUpFirst({ history }: RunSession, ref: StepRef, { effect }: PreparedCall): boolean {
  if (!history.isShared || !isActing(effect.effectClass)) return false;
  return !holdsKey(history.state, occurrenceKey(ref.step_id, ref.occurrence));
}

/** A call that certainly came to nothing holds its key no more: another run of the lineage may have made it meanwhile. */
function holdsKey({ steps }: RunState, key: string): boolean {
  const effect = steps.get(key)?.effect;
  return effect !== undefined && effect.status !== "failed";
}

/** Gates come before people: what they forbid nobody is asked about, and they are asked once the step has begun. */
function hasPreGates({ gates }: PreparedCall): boolean {
  return gates !== null && gates.pre.length > 0;
}

/** A call whose provider says each time that nothing happened is made at most so often. */
const MAX_ATTEMPTS_NOT_HAPPENED = 3;

/**
 * Goes on with an attempt that a dead or stopped process had begun. A call that only reads is simply made again. One
 * that acts and may have been sent is in doubt.
 */
export function resumeCapabilityStep(session: RunSession, step: PlanStep, ref: StepRef): void {
  const key = occurrenceKey(ref.step_id, ref.occurrence);
  const occurrence = session.history.state.steps.get(key);
  if (occurrence === undefined) return;
  const { attempt, effect, input = {} } = occurrence;
  const uses = occurrence.uses ?? step.uses;
  const call = prepare(session, uses, input);
  if (call instanceof DomainError) {
    recordFacts(session, policyFacts(ref, call));
    failAttempt(session, step, { ref, attempt, error: call.toRecord() });
    return;
  }
  if (effect?.status === "attempted") {
    const error = new DomainError(
      "effect_in_doubt",
      "The process ended after the call was announced and before its outcome was known.",
    ).toRecord();
    recordFacts(session, [
      { type: "side_effect.in_doubt", payload: { ...ref, effect_id: effect.effectId, error } },
    ]);
  }
  const made = { step, ref, key, uses, attempt, input, call };
  const goOn = () => {
    const isAskedNow = !hasPreGates(call) && !looksUpFirst(session, ref, call);
    if (!isAskedNow || !asksFirst(session, made)) send(session, made);
  };
  const isInDoubt = effect?.status === "attempted" || effect?.status === "in_doubt";
  if (!isInDoubt) {
    goOn();
    return;
  }
  pursueOwnDoubt(session, made, effect.effectId, "its process ended meanwhile.", {
    notHappened: goOn,
    resend: call.hasProviderIdempotency ? goOn : null,
  });
}

/** Finds out about the call that this very attempt has made. */
function pursueOwnDoubt(
  session: RunSession,
  made: CallAttempt,
  effectId: string,
  why: string,
  ways: Pick<DoubtWays, "notHappened" | "resend">,
): void {
  const row = session.history.findOpenEffect(effectId);
  const { key, call } = made;
  const effect = session.history.state.steps.get(key)?.effect;
  const startedAt = session.world.now();
  pursueDoubt(
    session,
    made,
    {
      effectId,
      idempotencyKey: effect?.key ?? "",
      bindingId: row?.bindingId ?? call.bindingId,
      why,
    },
    {
      happened: (output, receipt) => {
        const facts = [probed(made, effectId, { output, receipt })];
        settleDone(session, made, effectId, { facts, output, startedAt });
      },
      notHappened: () => {
        recordFacts(session, [probed(made, effectId, null)]);
        ways.notHappened();
      },
      resend: ways.resend,
    },
  );
}

function prepare(session: RunSession, uses: string, input: JsonObject): PreparedCall | DomainError {
  try {
    return session.world.caller.prepare(uses, input, session.history.state.options);
  } catch (error) {
    if (error instanceof DomainError) return error;
    session.world.surprised(error);
    return new DomainError("internal_error", toErrorRecord(error).message);
  }
}

/** Lets the call go out once its gates have passed it. */
function send(session: RunSession, attempt: CallAttempt): void {
  if (attempt.call.gates === null) {
    sendPassed(session, attempt);
    return;
  }
  passGates(session, attempt, "pre_gate", null, (end) => {
    const { step, ref, attempt: number } = attempt;
    // Where the process stops, the next owner asks the gates again.
    if (session.isHeld && end.kind !== "aborted") return;
    recordFacts(session, end.facts);
    if (end.kind === "passed") {
      const isAskedLater = looksUpFirst(session, ref, attempt.call);
      if (isAskedLater || !asksFirst(session, attempt)) sendPassed(session, attempt);
    } else if (end.kind === "left_to_people") {
      const { capabilities, reason } = end;
      const payload = attempt.input;
      askForGates(session, attempt, { phase: "pre_gate", capabilities, payload, reason });
    } else if (end.kind === "denied")
      failAttempt(session, step, { ref, attempt: number, error: end.error });
    else recordFacts(session, [withoutOutput(ref, end)]);
  });
}

function withoutOutput(
  ref: StepRef,
  end: Extract<GatesEnd, { kind: "degraded" | "aborted" }>,
): NewEvent {
  return end.kind === "degraded"
    ? { type: "step.degraded", payload: { ...ref, reason: end.reason } }
    : { type: "step.canceled", payload: { ...ref, reason: "the run was stopped" } };
}

/** Makes the call: at once where it only reads, after the ledger's `attempted` is durable where it acts. */
function sendPassed(session: RunSession, attempt: CallAttempt): void {
  const { ref, input, call } = attempt;
  if (!isActing(call.effect.effectClass)) {
    invoke(session, attempt, null);
    return;
  }
  const clearance = clearanceOf(session.history.state, ref, input);
  const effect = effectAttempt(session, ref, input, call, clearance);
  const isUndoing = effect.compensates_effect_id !== undefined;
  const { state, isShared } = session.history;
  if ((isShared || isUndoing) && !holdsKey(state, attempt.key)) {
    reuseOrExecute(session, attempt, effect, (record) => {
      if (!asksFirst(session, attempt))
        announceAndInvoke(session, attempt, { ...effect, ...record });
    });
  } else {
    announceAndInvoke(session, attempt, effect);
  }
}

/** Announces the call in the ledger, and makes it once that is durable. */
function announceAndInvoke(session: RunSession, attempt: CallAttempt, effect: EffectAttempt): void {
  const { ref, key } = attempt;
  const payload = announced(session, effect);
  recordFacts(session, [{ type: "side_effect.attempted", payload }]);
  const waiting = session.calls.begin(key);
  void session.history.durable().then((isDurable) => {
    if (!isDurable) return;
    session.turn(() => {
      session.calls.end(key);
      const isStopped = waiting.isAborted || session.stop !== null;
      if (session.isHeld || isStopped) neverSent(session, ref, payload.effect_id, isStopped);
      else invoke(session, attempt, payload.effect_id);
    });
  });
}

/** The process or the run was stopped between the ledger's `attempted` and the call: there is no doubt. */
function neverSent(session: RunSession, ref: StepRef, effectId: string, isStopped: boolean): void {
  const error = new DomainError("runtime_error", "Stopped before the call was sent.").toRecord();
  const canceled: NewEvent = { type: "step.canceled", payload: { ...ref, reason: error.message } };
  recordFacts(session, [
    effectNeverSent(session, ref, effectId, error),
    ...(isStopped ? [canceled] : []),
  ]);
}

function invoke(session: RunSession, attempt: CallAttempt, effectId: string | null): void {
  const { step, ref, key, call } = attempt;
  const { state } = session.history;
  const startedAt = session.world.now();
  const controller = new AbortController();
  if (effectId !== null) session.world.reached("before_effect_sent");
  const answer = call.invoke({
    runId: state.runId,
    stepPath: stepPathOf(session, ref.step_id),
    traceId: state.traceId,
    traceparent: traceparentOf(state.traceId, state.sequence),
    idempotencyKey: effectId === null ? null : (state.steps.get(key)?.effect?.key ?? null),
    // The step's own clock below bounds the attempt, so that its end is told as the step's.
    timeoutMs: null,
    signal: controller.signal,
  });
  if (!(answer instanceof Promise)) {
    if (effectId !== null) session.world.reached("after_effect_sent");
    settle(session, attempt, effectId, answer, startedAt);
    return;
  }
  const timeoutMs = step.timeoutMs ?? DEFAULT_STEP_TIMEOUT_MS;
  const timeout = timeoutError(step.id, timeoutMs);
  const disarm = setLongTimeout(() => controller.abort(timeout), timeoutMs);
  const entry = session.calls.begin(key, { controller });
  void answer.then((outcome) => {
    disarm();
    session.turn(() => {
      session.calls.end(key);
      if (effectId !== null) session.world.reached("after_effect_sent");
      const isTimeout = controller.signal.reason === timeout && !outcome.ok;
      const told = isTimeout ? { ...outcome, error: timeout.toRecord() } : outcome;
      settle(session, attempt, effectId, told, startedAt, entry.isAborted);
    });
  });
}

/** Records what came of a call: binding attempts, the ledger's outcome, the end of the step or its retry. */
function settle(
  session: RunSession,
  made: CallAttempt,
  effectId: string | null,
  outcome: CallOutcome,
  startedAt: number,
  isAborted = false,
): void {
  const { step, ref, attempt, call } = made;
  const facts: NewEvent[] = outcome.attempts.map((part) => ({
    type: "binding.attempted",
    payload: { ...ref, ...part },
  }));
  if (effectId !== null) facts.push(effectOutcome(session, ref, effectId, outcome));
  if (outcome.ok) {
    settleDone(session, made, effectId, { facts, output: outcome.output, startedAt });
    return;
  }
  if (facts.length > 0) recordFacts(session, facts);
  const { error } = outcome;
  if (isAborted) {
    recordFacts(session, [{ type: "step.canceled", payload: { ...ref, reason: error.message } }]);
  } else if (effectId !== null && outcome.possiblySent) {
    const fail = () => failAttempt(session, step, { ref, attempt, error });
    pursueOwnDoubt(session, made, effectId, error.message, {
      notHappened: () => {
        if (mayTryAgain(session, made)) send(session, made);
        else fail();
      },
      resend: call.hasProviderIdempotency ? fail : null,
    });
  } else {
    failAttempt(session, step, { ref, attempt, error });
  }
}

/** What certainly did not happen is tried again: by the step's own rule where it has one, else a few times. */
function mayTryAgain({ history }: RunSession, { step, key }: CallAttempt): boolean {
  const attempts = history.state.steps.get(key)?.effect?.attempts ?? 1;
  return step.retry === null && attempts < MAX_ATTEMPTS_NOT_HAPPENED;
}

/** The call has brought its result: its post-gates are asked, and the step ends. */
function settleDone(
  session: RunSession,
  made: CallAttempt,
  effectId: string | null,
  done: { facts: NewEvent[]; output: JsonObject; startedAt: number },
): void {
  const { step, ref, attempt, call } = made;
  const { facts, output, startedAt } = done;
  // The wall clock may be set back meanwhile.
  const durationMs = Math.max(session.world.now() - startedAt, 0);
  const end = { ref, attempt, output, durationMs };
  if (call.gates === null) {
    completeStep(session, step, { ...end, before: facts });
    return;
  }
  passGates(session, made, "post_gate", output, (passed) => {
    // The ledger finds the result in the event that follows its outcome.
    const before = [...passed.facts, ...facts];
    if (passed.kind === "passed") completeStep(session, step, { ...end, before });
    else if (passed.kind === "left_to_people") {
      const { capabilities, reason } = passed;
      recordFacts(session, before);
      askForGates(session, made, { phase: "post_gate", capabilities, payload: output, reason });
    } else settleRefused(session, made, effectId, before, passed);
  });
}

/** The call was made and its post-gates do not let its output in. One that acted is not repeated for that. */
function settleRefused(
  session: RunSession,
  { step, ref, attempt }: CallAttempt,
  effectId: string | null,
  facts: readonly NewEvent[],
  end: Exclude<GatesEnd, { kind: "passed" | "left_to_people" }>,
): void {
  recordFacts(session, facts);
  if (end.kind !== "denied") recordFacts(session, [withoutOutput(ref, end)]);
  else if (effectId === null) failAttempt(session, step, { ref, attempt, error: end.error });
  else
    recordFacts(session, [{ type: "step.failed", payload: { ...ref, attempt, error: end.error } }]);
}
