import { startApproval, stopByDenial } from "./decide-approval-wait.ts";
import { decideCompensation, undoBefore } from "./decide-compensation.ts";
import { decideLoop, startLoop } from "./decide-loop.ts";
import { decideWaits, startWait } from "./decide-wait.ts";
import {
  failStep,
  MAX_RUNNING_OCCURRENCES,
  record,
  refOfKey,
  routeOf,
  type Decision,
  type Now,
  type RunEnd,
  type Stop,
} from "./decision.ts";
import { DomainError, type ErrorRecord } from "./errors.ts";
import { isTruthy } from "./expressions.ts";
import { peekReady } from "./frontier.ts";
import type { NewEvent } from "./run-events.ts";
import type { Plan, PlanStep } from "./run-plan.ts";
import type { RunState } from "./run-state.ts";
import { isTerminal } from "./run.ts";

/** Decides the one next thing for a run. Pure and total; called again after each decision was carried out. */
export function decide(plan: Plan, state: RunState, context: Now): Decision | null {
  if (isTerminal(state.status)) return null;
  if (state.compensation !== undefined && state.status === "compensating")
    return decideCompensation(plan, state, state.compensation, context);
  const stop = context.stop ?? stopByDenial(state);
  if (stop !== null) return state.frontier.running.size > 0 ? null : stopped(plan, state, stop);
  if (state.status === "pending") return start(plan, state, context.now);
  if (state.status === "paused") return null;
  if (state.deadlineAt !== null && context.now >= state.deadlineAt) return null;
  if (state.failure !== null && isFailFast(plan, state)) {
    return state.frontier.running.size > 0 ? null : failed(plan, state, state.failure);
  }
  return (
    decideWaits(plan, state, context.now) ??
    retryDue(plan, state, context.now) ??
    decideLoops(plan, state) ??
    startReady(plan, state, context.now) ??
    settle(plan, state)
  );
}

/** True where the first failed step ends the run. */
export function isFailFast(plan: Plan, state: RunState): boolean {
  return state.options.fail_fast ?? plan.failFast;
}

/**
 * The earliest time at which `decide` would answer differently without anything happening; null where only an
 * event can change that. Milliseconds since 1970.
 */
export function nextWakeAt(state: RunState): number | null {
  if (isTerminal(state.status)) return null;
  if (state.status === "pending") return state.replay?.isHeld === true ? null : state.startAt;
  if (state.status === "paused") return null;
  const times = [state.status === "compensating" ? null : state.deadlineAt];
  for (const key of state.frontier.retrying) times.push(state.steps.get(key)?.dueAt ?? null);
  for (const key of state.frontier.waiting) times.push(state.steps.get(key)?.wait?.until ?? null);
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.min(...known);
}

function start(plan: Plan, state: RunState, now: number): Decision | null {
  if (state.startAt !== null && now < state.startAt) return null;
  if (state.replay === null)
    return record({ type: "run.started", payload: deadline(plan, state, now) });
  if (state.replay.isHeld || state.sourceRunId === null) return null;
  const payload = { source_run_id: state.sourceRunId, ...deadline(plan, state, now) };
  return record({ type: "run.replaying", payload });
}

/** When a run that begins, or goes on after its end, has to be over. */
export function deadline(plan: Plan, state: RunState, now: number): { deadline_at?: string } {
  const timeoutMs = timeoutOf(plan, state);
  return timeoutMs === null ? {} : { deadline_at: new Date(now + timeoutMs).toISOString() };
}

/** A run's own time goes before its skill's; a nested run has the smaller of the time left and its skill's. */
function timeoutOf(plan: Plan, state: RunState): number | null {
  const { timeout_seconds: seconds } = state.options;
  if (seconds === undefined) return plan.timeoutMs;
  const ownMs = seconds * 1000;
  return state.parent === null ? ownMs : Math.min(ownMs, plan.timeoutMs ?? ownMs);
}

function stopped(plan: Plan, state: RunState, stop: Stop): Decision {
  const { outputs } = state.scope;
  if (stop.kind === "fail") {
    return undoBefore(plan, state, cancelOpenSteps(state, stop.error.message), {
      type: "run.failed",
      payload: { error: stop.error, outputs },
    });
  }
  const { reason, actor, shouldCompensate } = stop;
  const canceled = cancelOpenSteps(state, reason ?? "the run was canceled");
  const end: RunEnd = {
    type: "run.canceled",
    payload: { outputs, ...(reason === undefined ? {} : { reason }) },
    ...(actor === undefined ? {} : { actor }),
  };
  return undoBefore(plan, state, canceled, end, shouldCompensate);
}

/** The run's error is its step's, with the step as the place: whoever reads the run alone learns where to look. */
function failed(
  plan: Plan,
  state: RunState,
  { stepId, error }: { stepId: string; error: ErrorRecord },
): Decision {
  return undoBefore(plan, state, cancelOpenSteps(state, `step ${stepId} failed`), {
    type: "run.failed",
    payload: {
      error: { ...error, details: { step_id: stepId, ...error.details } },
      step_id: stepId,
      outputs: state.scope.outputs,
    },
  });
}

/** `step.canceled` for every step and occurrence that has begun and not ended. */
function cancelOpenSteps(state: RunState, reason: string): NewEvent[] {
  const open: NewEvent[] = [];
  for (const key of [...state.frontier.retrying, ...state.frontier.waiting]) {
    open.push({ type: "step.canceled", payload: { ...refOfKey(key), reason } });
  }
  for (const [key, step] of state.steps) {
    if (step.loop !== undefined && step.status === "running") {
      open.push({ type: "step.canceled", payload: { step_id: key, reason } });
    }
  }
  return open;
}

function retryDue(plan: Plan, state: RunState, now: number): Decision | null {
  for (const key of state.frontier.retrying) {
    const occurrence = state.steps.get(key);
    if (occurrence === undefined || now < (occurrence.dueAt ?? 0)) continue;
    const ref = refOfKey(key);
    const step = plan.steps[plan.stepIndex.get(ref.step_id) ?? -1];
    if (step === undefined) continue;
    return {
      kind: "call",
      step,
      ref,
      uses: occurrence.uses ?? step.uses,
      input: occurrence.input ?? {},
      attempt: occurrence.attempt + 1,
    };
  }
  return null;
}

function decideLoops(plan: Plan, state: RunState): Decision | null {
  for (const index of state.frontier.loops) {
    const step = plan.steps[index];
    const decision = step === undefined ? null : decideLoop(step, state);
    if (decision !== null) return decision;
  }
  return null;
}

function startReady(plan: Plan, state: RunState, now: number): Decision | null {
  const index = peekReady(state.frontier);
  const step = index === null ? undefined : plan.steps[index];
  if (step === undefined || state.frontier.running.size >= MAX_RUNNING_OCCURRENCES) return null;
  const ref = { step_id: step.id };
  const reason = reasonToSkip(plan, state, step);
  if (reason !== null) return record({ type: "step.skipped", payload: { ...ref, reason } });
  try {
    if (step.condition !== null && !isTruthy(step.condition.evaluate(state.scope))) {
      return record({
        type: "step.skipped",
        payload: { ...ref, reason: `its condition is false: ${step.condition.source}` },
      });
    }
    if (step.loop !== null) return startLoop(step, state);
    if (step.kind === "approval") return startApproval(step, state, now);
    if (step.kind === "signal" || step.kind === "timer") return startWait(step, state, now);
    return {
      kind: "call",
      step,
      ref,
      uses: routeOf(step, state.scope),
      input: step.input.resolve(state.scope),
      attempt: 1,
    };
  } catch (error) {
    return failStep(ref, error, 1);
  }
}

/** Why a step whose dependencies have ended is not to run; null where it is. */
function reasonToSkip(plan: Plan, state: RunState, step: PlanStep): string | null {
  if (step.dependsOn.length === 0) return null;
  const succeeded = state.frontier.succeeded[step.index] ?? 0;
  if (step.joinNeed !== null) {
    return succeeded >= step.joinNeed
      ? null
      : `only ${succeeded} of the ${step.joinNeed} branches that it needs completed`;
  }
  let skipped = 0;
  for (const index of step.dependsOn) {
    const dependency = plan.steps[index];
    const status = dependency === undefined ? undefined : state.steps.get(dependency.id)?.status;
    if (status === "failed" || status === "canceled")
      return `step ${dependency?.id ?? ""}, which it waits for, ${status === "failed" ? "failed" : "was canceled"}`;
    if (status === "skipped") skipped += 1;
  }
  return step.isBranch && skipped === step.dependsOn.length
    ? "every branch that leads to it was skipped"
    : null;
}

/** Nothing can start: the run is over, or it waits. */
function settle(plan: Plan, state: RunState): Decision | null {
  const { frontier } = state;
  if (frontier.running.size > 0 || frontier.retrying.size > 0) return null;
  if (frontier.endedSteps === plan.steps.length) return finish(plan, state);
  if (frontier.waiting.size === 0 || state.status !== "running") return null;
  const steps = [...frontier.waiting];
  const isHuman = steps.some((key) => state.steps.get(key)?.approval !== undefined);
  if (isHuman) return record({ type: "run.waiting_for_human", payload: { steps } });
  const until = nextWakeAt(state);
  return record({
    type: "run.waiting_for_signal",
    payload: {
      steps,
      ...(until === null ? {} : { until: new Date(until).toISOString() }),
    },
  });
}

function finish(plan: Plan, state: RunState): Decision {
  if (state.failure !== null) return failed(plan, state, state.failure);
  const { outputs } = state.scope;
  const missing = plan.requiredOutputs.filter((name) => !Object.hasOwn(outputs, name));
  if (missing.length === 0) return record({ type: "run.completed", payload: { outputs } });
  const error = new DomainError(
    "invalid_configuration",
    `All steps ended, but the required ${missing.length === 1 ? "output" : "outputs"} ${missing.join(", ")} ${missing.length === 1 ? "was" : "were"} never written.`,
    {
      hint: "Write it from a step that always runs, or declare it as not required.",
      details: { missing },
    },
  );
  const payload = { error: error.toRecord(), outputs };
  return undoBefore(plan, state, [], { type: "run.failed", payload });
}
