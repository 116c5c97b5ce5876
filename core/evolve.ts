import { isUndo } from "./compensation.ts";
import { foldApproval } from "./fold-approval.ts";
import { foldCompensated, foldCompensating } from "./fold-compensation.ts";
import { invariant } from "./errors.ts";
import { moveStep, takeReady } from "./frontier.ts";
import { loopOutput, strategyOf, writesOf } from "./loop-results.ts";
import { occurrenceNames } from "./occurrence-names.ts";
import type { EventPayloads, RunEvent, StepRef } from "./run-events.ts";
import type { Plan, PlanStep } from "./run-plan.ts";
import type { LoopState, RunState, StepState } from "./run-state.ts";
import { runStatusAfter } from "./run-status-after.ts";
import { reopen } from "./reopen.ts";
import { invalidTransition, isTerminal, NEXT_RUN_STATUSES, type RunStatus } from "./run.ts";
import { occurrenceKey, type StepStatus } from "./step.ts";
import { writeTarget } from "./output-mapping.ts";
import { isEditedVar, leaveSource, replayStateOf } from "./replay-state.ts";

/**
 * Folds one event into the run, in place: the caller hands the state over and gets the same object back
 * (`docs/decisions/0001-fold-in-place.md`). Deterministic: time and ids come from the event. Throws
 * `invalid_transition` for a run event that the state machine does not allow, before anything is changed.
 */
export function evolve(plan: Plan, state: RunState, event: RunEvent): RunState {
  const to = runStatusAfter(state.status, event.type);
  if (to !== state.status && !NEXT_RUN_STATUSES[state.status].includes(to)) {
    throw invalidTransition(state.runId, state.status, to);
  }
  const from = state.status;
  state.status = to;
  fold(plan, state, event, from);
  state.sequence = event.sequence;
  return state;
}

function fold(plan: Plan, state: RunState, event: RunEvent, from: RunStatus): void {
  switch (event.type) {
    case "run.created":
      created(state, event.payload, event.at, event.actor);
      return;
    case "run.started":
      leaveSource(state);
      state.startedAt ??= event.at;
      setDeadline(state, event.payload);
      return;
    case "run.replaying":
      state.startedAt ??= event.at;
      setDeadline(state, event.payload);
      return;
    case "run.resumed":
      if (state.replay !== null) state.replay.isHeld = false;
      if (event.payload.overrides !== undefined)
        state.overrides = { ...state.overrides, ...event.payload.overrides };
      if (event.payload.policy_hash !== undefined) state.policyHash = event.payload.policy_hash;
      if (from === "paused") return;
      state.startedAt ??= event.at;
      setDeadline(state, event.payload);
      if (isTerminal(from)) reopen(plan, state);
      return;
    case "run.compensating":
      foldCompensating(state, event.payload, event.actor);
      return;
    case "step.compensated":
      foldCompensated(state, event.payload);
      return;
    case "run.failed":
      // What ended the run, which may be its deadline although a step had failed before.
      state.failure = { stepId: event.payload.step_id ?? "", error: event.payload.error };
      return;
    case "step.started":
      stepStarted(plan, state, event.payload);
      return;
    case "step.completed":
      stepCompleted(plan, state, event.payload);
      return;
    case "step.failed":
      stepFailed(plan, state, event.payload);
      return;
    case "step.skipped":
      stepEnded(plan, state, event.payload, "skipped");
      return;
    case "step.degraded":
      stepEnded(plan, state, event.payload, "degraded");
      return;
    case "step.canceled":
      stepEnded(plan, state, event.payload, "canceled");
      return;
    case "step.retry_scheduled":
      retryScheduled(plan, state, event.payload);
      return;
    case "side_effect.attempted":
      effectAttempted(state, event.payload);
      return;
    case "side_effect.recorded":
      effectIs(state, event.payload, "recorded");
      return;
    case "side_effect.failed":
      effectIs(state, event.payload, "failed");
      return;
    case "side_effect.in_doubt":
      effectIs(state, event.payload, "in_doubt");
      return;
    case "side_effect.resolved":
      effectResolved(state, event.payload);
      return;
    case "approval.requested":
    case "approval.claimed":
    case "approval.released":
    case "approval.reassigned":
    case "approval.decided":
    case "approval.expired": {
      const step = stepOf(plan, event.payload);
      foldApproval(plan, state, step, event, () => loopStarts(state, step));
      return;
    }
    case "signal.received": {
      const { signal_id: signalId, name, payload } = event.payload;
      state.signals.push({ signalId, name, payload });
      return;
    }
    case "checkpoint.saved":
      state.checkpoint = { sequence: event.sequence, hash: event.payload.state_hash };
      return;
    default:
      // The other types say how something came about; the run's continuation does not depend on them.
      return;
  }
}

function setDeadline(state: RunState, { deadline_at: at }: { deadline_at?: string }): void {
  state.deadlineAt = at === undefined ? null : Date.parse(at);
}

function created(
  state: RunState,
  payload: EventPayloads["run.created"],
  at: number,
  actor: string | undefined,
): void {
  state.environment = payload.environment;
  state.lineageRootRunId = payload.lineage_root_run_id;
  state.sourceRunId = payload.source_run_id ?? null;
  state.replay = payload.replay === undefined ? null : replayStateOf(payload.replay);
  if (payload.overrides !== undefined) state.overrides = payload.overrides;
  state.parent = payload.parent ?? null;
  const initiator = payload.parent?.initiator ?? payload.replay?.pushed_back?.on_behalf_of ?? actor;
  if (initiator !== undefined) state.initiator = initiator;
  state.options = payload.options;
  if (payload.policy_hash !== undefined) state.policyHash = payload.policy_hash;
  state.attributes = payload.attributes;
  state.scope.inputs = payload.inputs;
  state.createdAt = at;
  state.startAt = payload.start_at === undefined ? null : Date.parse(payload.start_at);
}

function stepStarted(plan: Plan, state: RunState, payload: EventPayloads["step.started"]): void {
  const key = occurrenceKey(payload.step_id, payload.occurrence);
  const step = stepOf(plan, payload);
  const { loop, wait } = payload;
  const next: StepState = {
    status: wait === undefined ? "running" : WAITING[wait.kind],
    attempt: payload.attempt,
    ...(payload.input === undefined ? {} : { input: payload.input }),
    ...(payload.uses === undefined ? {} : { uses: payload.uses }),
    ...(payload.child_run_id === undefined ? {} : { childRunId: payload.child_run_id }),
    ...(loop === undefined
      ? {}
      : {
          loop: {
            kind: loop.kind,
            items: loop.items ?? null,
            count: loop.count ?? null,
            next: 0,
            running: 0,
            failed: 0,
            succeeded: 0,
          },
        }),
    ...(wait === undefined
      ? {}
      : {
          wait: {
            kind: wait.kind,
            name: wait.name ?? null,
            until: wait.until === undefined ? null : Date.parse(wait.until),
            onTimeout: wait.on_timeout ?? "fail",
          },
        }),
  };
  const { effect, approval, cleared } = state.steps.get(key) ?? {};
  if (effect !== undefined) next.effect = effect;
  if (cleared !== undefined) next.cleared = cleared;
  if (approval !== undefined) next.approval = approval;
  const isFirst = !state.steps.has(key);
  state.steps.set(key, next);
  if (payload.occurrence === undefined) takeReady(state.frontier, step.index);
  else if (isFirst) loopStarts(state, step);
  moveStep(state, plan, key, step, next.status, loop !== undefined);
}

const WAITING = {
  signal: "waiting_for_signal",
  timer: "waiting_for_signal",
  approval: "waiting_for_human",
} as const;

function loopStarts(state: RunState, step: PlanStep): void {
  const loop = state.steps.get(step.id)?.loop;
  if (loop === undefined) return;
  loop.next += 1;
  loop.running += 1;
}

function stepCompleted(
  plan: Plan,
  state: RunState,
  payload: EventPayloads["step.completed"],
): void {
  const step = stepOf(plan, payload);
  const loop = state.steps.get(step.id)?.loop;
  if (payload.signal_id !== undefined) {
    state.signals = state.signals.filter((signal) => signal.signalId !== payload.signal_id);
  }
  if (payload.occurrence === undefined) {
    const produced = loop === undefined ? (payload.output ?? {}) : loopOutput(step, state);
    const isReused = payload.reused_from !== undefined;
    if (loop?.kind !== "while")
      write(state, step, undefined, writesOf(step, state, produced), isReused);
    if (loop !== undefined) dropOccurrenceOutputs(step, state, loop);
    stepEnded(plan, state, payload, "completed");
    return;
  }
  if (loop !== undefined) {
    loop.running -= 1;
    loop.succeeded += 1;
    if (loop.kind === "while") {
      const isReused = payload.reused_from !== undefined;
      write(state, step, payload.occurrence, writesOf(step, state, payload.output ?? {}), isReused);
    }
  }
  const key = occurrenceKey(payload.step_id, payload.occurrence);
  const attempt = state.steps.get(key)?.attempt ?? 1;
  state.steps.set(key, {
    status: "completed",
    attempt,
    ...(payload.output === undefined ? {} : { output: payload.output }),
  });
  moveStep(state, plan, key, null, "completed", false);
}

function write(
  state: RunState,
  step: PlanStep,
  occurrence: string | undefined,
  writes: ReturnType<typeof writesOf>,
  isReused: boolean,
): void {
  const strategy = strategyOf(step, occurrence);
  for (const { target, value } of writes) {
    if (isReused && isEditedVar(state, target)) continue;
    writeTarget(state.scope, state.written, target, value, strategy);
  }
}

function dropOccurrenceOutputs(step: PlanStep, state: RunState, loop: LoopState): void {
  for (const name of occurrenceNames(step, loop)) {
    const occurrence = state.steps.get(occurrenceKey(step.id, name));
    if (occurrence !== undefined) delete occurrence.output;
  }
}

function stepFailed(plan: Plan, state: RunState, payload: EventPayloads["step.failed"]): void {
  const step = stepOf(plan, payload);
  if (payload.occurrence === undefined) {
    state.failure ??= { stepId: payload.step_id, error: payload.error };
    stepEnded(plan, state, payload, "failed", payload.error);
    return;
  }
  const loop = state.steps.get(step.id)?.loop;
  if (loop !== undefined) {
    loop.running -= 1;
    loop.failed += 1;
  }
  const key = occurrenceKey(payload.step_id, payload.occurrence);
  const failed = { status: "failed" as const, attempt: payload.attempt, error: payload.error };
  // Undoing may be tried again, as the same effect.
  state.steps.set(key, isUndo(payload) ? { ...state.steps.get(key), ...failed } : failed);
  moveStep(state, plan, key, null, "failed", false);
}

function stepEnded(
  plan: Plan,
  state: RunState,
  ref: StepRef,
  status: Extract<StepStatus, "completed" | "failed" | "skipped" | "degraded" | "canceled">,
  error?: StepState["error"],
): void {
  const key = occurrenceKey(ref.step_id, ref.occurrence);
  const step = stepOf(plan, ref);
  const before = state.steps.get(key);
  if (before?.approval?.status === "pending") before.approval.status = "canceled";
  state.steps.set(key, {
    status,
    attempt: before?.attempt ?? 0,
    ...(before?.effect === undefined ? {} : { effect: before.effect }),
    ...(error === undefined ? {} : { error }),
  });
  if (ref.occurrence !== undefined) {
    const loop = state.steps.get(step.id)?.loop;
    if (loop !== undefined && before !== undefined) loop.running -= 1;
    moveStep(state, plan, key, null, status, false);
    return;
  }
  takeReady(state.frontier, step.index);
  moveStep(state, plan, key, step, status, before?.loop !== undefined);
}

function retryScheduled(
  plan: Plan,
  state: RunState,
  payload: EventPayloads["step.retry_scheduled"],
): void {
  const key = occurrenceKey(payload.step_id, payload.occurrence);
  const before = state.steps.get(key);
  if (before === undefined) return;
  before.status = "retry_scheduled";
  before.dueAt = Date.parse(payload.due_at);
  moveStep(state, plan, key, null, "retry_scheduled", false);
}

function effectAttempted(state: RunState, payload: EventPayloads["side_effect.attempted"]): void {
  const step = state.steps.get(occurrenceKey(payload.step_id, payload.occurrence));
  if (step === undefined) return;
  const { effect: before } = step;
  const isDoubtful =
    payload.may_have_happened === true ||
    (before?.effectId === payload.effect_id && before.status === "in_doubt");
  step.effect = {
    effectId: payload.effect_id,
    key: payload.idempotency_key,
    requestHash: payload.request_hash,
    status: "attempted",
    attempts: payload.attempts,
    ...(isDoubtful ? { mayHaveHappened: true } : {}),
  };
}

function effectIs(
  state: RunState,
  payload: StepRef & { effect_id: string },
  status: "recorded" | "failed" | "in_doubt",
): void {
  const effect = state.steps.get(occurrenceKey(payload.step_id, payload.occurrence))?.effect;
  if (effect?.effectId === payload.effect_id) effect.status = status;
}

function effectResolved(state: RunState, payload: EventPayloads["side_effect.resolved"]): void {
  if (payload.resolution === "happened") effectIs(state, payload, "recorded");
  if (payload.resolution === "not_happened") effectIs(state, payload, "failed");
}

function stepOf(plan: Plan, ref: StepRef): PlanStep {
  const step = plan.steps[plan.stepIndex.get(ref.step_id) ?? -1];
  invariant(step !== undefined, `the plan has a step ${ref.step_id}`);
  return step;
}
