import { decideApprovalWait } from "./decide-approval-wait.ts";
import { failStep, record, refOfKey, scopeWith, type Decision } from "./decision.ts";
import { parseDuration } from "./duration.ts";
import { endWait } from "./end-wait.ts";
import { DomainError } from "./errors.ts";
import { isTruthy } from "./expressions.ts";
import type { Json, JsonObject } from "./json.ts";
import type { NewEvent, StepRef } from "./run-events.ts";
import type { Plan, PlanStep } from "./run-plan.ts";
import type { RunState, WaitState } from "./run-state.ts";

/**
 * Begins a `wait.signal` (`input: {name, timeout_seconds?, on_timeout?}`, `config.match`) or a `wait.timer`
 * (`input: {duration_seconds | duration | until}`). Throws DomainError naming the input that is wrong.
 */
export function startWait(step: PlanStep, state: RunState, now: number): Decision {
  const ref = { step_id: step.id };
  const input = step.input.resolve(state.scope);
  const until = step.kind === "timer" ? timerUntil(step, input, now) : signalUntil(input, now);
  const events: NewEvent[] = [
    {
      type: "step.started",
      payload: {
        ...ref,
        attempt: 1,
        input,
        wait: {
          kind: step.kind === "timer" ? "timer" : "signal",
          ...(step.kind === "timer" ? {} : { name: signalName(step, input) }),
          ...(until === null ? {} : { until: new Date(until).toISOString() }),
          on_timeout: input["on_timeout"] === "continue" ? "continue" : "fail",
        },
      },
    },
  ];
  if (until !== null) {
    const dueAt = new Date(until).toISOString();
    events.push({ type: "timer.scheduled", payload: { ...ref, timer_id: step.id, due_at: dueAt } });
  }
  return record(...events);
}

/** The end of a wait that is over: its signal has come, people have decided, or its time is up. */
export function decideWaits(plan: Plan, state: RunState, now: number): Decision | null {
  if (state.frontier.waiting.size === 0) return null;
  for (const key of state.frontier.waiting) {
    const ref = refOfKey(key);
    const step = plan.steps[plan.stepIndex.get(ref.step_id) ?? -1];
    const waiting = state.steps.get(key);
    const wait = waiting?.wait;
    if (step === undefined || waiting === undefined || wait === undefined) continue;
    if (wait.kind === "approval") {
      const next = decideApprovalWait(step, state, ref, waiting, now);
      if (next !== null) return next;
      continue;
    }
    const decision = wait.kind === "signal" ? signalEnds(step, state, wait, ref) : null;
    if (decision !== null) return decision;
    if (wait.until !== null && now >= wait.until) return timeIsUp(step, state, ref, wait, now);
  }
  return null;
}

function signalEnds(
  step: PlanStep,
  state: RunState,
  wait: WaitState,
  ref: StepRef,
): Decision | null {
  for (const signal of state.signals) {
    if (signal.name !== wait.name) continue;
    const { signalId: signal_id, name, payload } = signal;
    try {
      const scope = scopeWith(state, { signal: { name, payload } });
      if (step.match !== null && !isTruthy(step.match.evaluate(scope))) continue;
    } catch (error) {
      return failStep(ref, error, 1);
    }
    return record(
      ...endWait(step, state, { ...ref, signal_id }, { name, payload, timed_out: false }),
    );
  }
  return null;
}

function timeIsUp(
  step: PlanStep,
  state: RunState,
  ref: StepRef,
  wait: WaitState,
  now: number,
): Decision {
  const fired: NewEvent = { type: "timer.fired", payload: { ...ref, timer_id: ref.step_id } };
  if (wait.kind === "timer") {
    return record(fired, ...endWait(step, state, ref, { fired_at: new Date(now).toISOString() }));
  }
  if (wait.onTimeout === "continue") {
    return record(
      fired,
      ...endWait(step, state, ref, { name: wait.name, payload: null, timed_out: true }),
    );
  }
  const error = new DomainError("step_timeout", `No signal ${wait.name ?? ""} arrived in time.`, {
    hint: "Send the signal sooner, raise timeout_seconds, or set on_timeout: continue.",
    details: { step_id: ref.step_id },
  });
  return record(fired, {
    type: "step.failed",
    payload: { ...ref, attempt: 1, error: error.toRecord() },
  });
}

function signalName(step: PlanStep, input: JsonObject): string {
  const name = input["name"];
  if (typeof name === "string" && name !== "") return name;
  throw new DomainError("invalid_request", `wait.signal of step ${step.id} needs a name.`, {
    hint: "Give `input: {name: <the signal's name>}`.",
    details: { step_id: step.id },
  });
}

function signalUntil(input: JsonObject, now: number): number | null {
  const timeout = input["timeout_seconds"] ?? null;
  return timeout === null ? null : now + durationOf(timeout);
}

function timerUntil(step: PlanStep, input: JsonObject, now: number): number {
  const until = input["until"] ?? null;
  if (typeof until === "string") {
    const time = Date.parse(until);
    if (!Number.isNaN(time)) return time;
    throw new DomainError(
      "invalid_request",
      `wait.timer of step ${step.id}: ${JSON.stringify(until)} is not a time.`,
      {
        hint: "Use RFC 3339, such as 2027-01-31T09:00:00Z.",
        details: { step_id: step.id },
      },
    );
  }
  const duration = input["duration_seconds"] ?? input["duration"] ?? null;
  if (duration !== null) return now + durationOf(duration);
  throw new DomainError(
    "invalid_request",
    `wait.timer of step ${step.id} needs duration_seconds or until.`,
    {
      hint: "Give `input: {duration_seconds: 60}` or `input: {until: <RFC 3339 time>}`.",
      details: { step_id: step.id },
    },
  );
}

function durationOf(value: Json): number {
  if (typeof value === "number" || typeof value === "string") return parseDuration(value);
  throw new DomainError(
    "invalid_request",
    "A duration is a number of seconds or a text such as 5m.",
  );
}
