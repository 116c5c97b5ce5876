import { describeEligible } from "./approver.ts";
import { type ErrorRecord, isErrorCode } from "./errors.ts";
import { isJsonObject, type Json, type JsonObject } from "./json.ts";
import type { EventEnvelope, EventType, LoopKind } from "./run-events.ts";
import type { AttemptView, StepView } from "./run-view.ts";
import { occurrenceKey } from "./step.ts";

type Fold = (view: StepView, payload: JsonObject, at: string) => void;

/**
 * Folds one event into the steps of its run; events that are not about a step change nothing. The views are keyed
 * by `step` or `step#occurrence`, in the order in which they were first heard of. Folding a run's events in order,
 * each once, gives the same views wherever it is done: the server's list and the browser's live page agree.
 */
export function foldStepViews(views: Map<string, StepView>, envelope: EventEnvelope): void {
  const fold = FOLDS[envelope.event_type];
  const stepId = textOf(envelope.payload.step_id);
  if (fold === undefined || stepId === null) return;
  const occurrence = textOf(envelope.payload.occurrence);
  const key = occurrenceKey(stepId, occurrence ?? undefined);
  // A copy, so that a screen that holds the view of before can tell that it changed.
  const before = views.get(key);
  const view =
    before === undefined
      ? emptyStepView(stepId, occurrence)
      : { ...before, attempts: [...before.attempts] };
  fold(view, envelope.payload, envelope.occurred_at);
  views.set(key, view);
  const whole = views.get(stepId);
  // The last of its occurrences was undone.
  if (envelope.payload.completes === "step" && key !== stepId && whole?.status === "completed")
    views.set(stepId, { ...whole, status: "compensated" });
}

/** A step of which no event has told yet. */
export function emptyStepView(stepId: string, occurrence: string | null): StepView {
  return {
    step_id: stepId,
    occurrence,
    status: "pending",
    uses: null,
    loop: null,
    attempts: [],
    started_at: null,
    ended_at: null,
    due_at: null,
    reason: null,
    error: null,
    input: null,
    output: null,
    binding: null,
    child_run_id: null,
    effect_ids: [],
  };
}

const FOLDS: Partial<Record<EventType, Fold>> = {
  "step.started": (view, payload, at) => {
    const wait = isJsonObject(payload.wait) ? payload.wait : null;
    view.status = wait === null ? "running" : statusOfWait(wait);
    view.started_at ??= at;
    view.ended_at = null;
    view.error = null;
    view.reason = wait === null ? null : reasonOfWait(wait);
    view.due_at = wait === null ? null : textOf(wait.until);
    view.uses = textOf(payload.uses) ?? view.uses;
    view.loop = loopOf(payload.loop) ?? view.loop;
    view.child_run_id = textOf(payload.child_run_id) ?? view.child_run_id;
    if (isJsonObject(payload.input)) view.input = payload.input;
    view.attempts.push({
      attempt: typeof payload.attempt === "number" ? payload.attempt : view.attempts.length + 1,
      started_at: at,
      ended_at: null,
      status: "running",
      error: null,
    });
  },
  "step.completed": (view, payload, at) => {
    end(view, "completed", at);
    view.reason = payload.while_exhausted === true ? "stopped at max_iterations" : null;
    if (isJsonObject(payload.output)) view.output = payload.output;
    closeAttempt(view, at, "completed", null);
  },
  "step.failed": (view, payload, at) => {
    end(view, "failed", at);
    view.error = errorOf(payload.error);
    closeAttempt(view, at, "failed", view.error);
  },
  "step.retry_scheduled": (view, payload, at) => {
    view.status = "retry_scheduled";
    view.ended_at = null;
    view.error = errorOf(payload.error);
    view.due_at = textOf(payload.due_at);
    closeAttempt(view, at, "failed", view.error);
  },
  "step.skipped": (view, payload, at) => {
    end(view, "skipped", at);
    view.reason = textOf(payload.reason);
  },
  "step.degraded": (view, payload, at) => {
    end(view, "degraded", at);
    view.reason = textOf(payload.reason);
    closeAttempt(view, at, "completed", null);
  },
  "step.canceled": (view, payload, at) => {
    end(view, "canceled", at);
    view.reason = textOf(payload.reason);
    closeAttempt(view, at, "canceled", null);
  },
  "step.compensated": (view, payload) => {
    if (payload.completes !== undefined && view.status === "completed") view.status = "compensated";
  },
  "capability.selected": (view, payload) => {
    view.uses ??= textOf(payload.capability_id);
    view.binding = {
      binding_id: textOf(payload.binding_id) ?? "",
      service_id: textOf(payload.service_id) ?? "",
      reason: textOf(payload.reason) ?? "",
    };
  },
  "side_effect.attempted": (view, payload) => addEffect(view, payload.effect_id),
  "side_effect.reused": (view, payload) => addEffect(view, payload.effect_id),
  "side_effect.blocked": (view, payload) => addEffect(view, payload.effect_id),
  "approval.requested": (view, payload, at) => {
    view.status = "waiting_for_human";
    view.started_at ??= at;
    view.reason = reasonOfApproval(payload.eligible);
    view.due_at = textOf(payload.expires_at);
    view.uses = textOf(payload.uses) ?? view.uses;
    const isSent = payload.kind === "confirmation" || isBeforeCall(payload.gate);
    if (isSent && isJsonObject(payload.payload)) view.input = payload.payload;
  },
  "timer.scheduled": (view, payload) => {
    view.due_at = textOf(payload.due_at);
  },
  "timer.fired": (view) => {
    view.due_at = null;
  },
};

function end(view: StepView, status: StepView["status"], at: string): void {
  view.status = status;
  view.ended_at = at;
  view.due_at = null;
  if (status !== "failed") view.error = null;
}

function closeAttempt(
  view: StepView,
  at: string,
  status: AttemptView["status"],
  error: ErrorRecord | null,
): void {
  const last = view.attempts.at(-1);
  if (last === undefined || last.ended_at !== null) return;
  view.attempts[view.attempts.length - 1] = { ...last, ended_at: at, status, error };
}

function isBeforeCall(gate: Json | undefined): boolean {
  return isJsonObject(gate) && gate.phase === "pre_gate";
}

function addEffect(view: StepView, id: Json | undefined): void {
  if (typeof id === "string" && !view.effect_ids.includes(id))
    view.effect_ids = [...view.effect_ids, id];
}

function statusOfWait({ kind }: JsonObject): StepView["status"] {
  return kind === "approval" ? "waiting_for_human" : "waiting_for_signal";
}

function reasonOfApproval(value: Json | undefined): string {
  const eligible = isJsonObject(value) ? value : {};
  const names = (list: Json | undefined) =>
    Array.isArray(list) ? list.filter((name) => typeof name === "string") : [];
  const all = {
    roles: names(eligible.roles),
    users: names(eligible.users),
    groups: names(eligible.groups),
    ...(eligible.required_roles === undefined
      ? {}
      : { required_roles: names(eligible.required_roles) }),
  };
  return `an approval by ${describeEligible(all)}`;
}

function reasonOfWait(wait: JsonObject): string {
  const name = textOf(wait.name);
  if (wait.kind === "timer") return "a timer";
  if (wait.kind === "approval") return "an approval";
  return name === null ? "a signal" : `the signal ${name}`;
}

const LOOP_KINDS: readonly LoopKind[] = ["foreach", "while", "scatter"];

function loopOf(value: Json | undefined): StepView["loop"] {
  if (!isJsonObject(value)) return null;
  const kind = LOOP_KINDS.find((known) => known === value.kind);
  return kind === undefined
    ? null
    : { kind, count: typeof value.count === "number" ? value.count : null };
}

function errorOf(value: Json | undefined): ErrorRecord | null {
  if (!isJsonObject(value) || typeof value.message !== "string") return null;
  return {
    code: typeof value.code === "string" && isErrorCode(value.code) ? value.code : "internal_error",
    message: value.message,
    ...(typeof value.hint === "string" ? { hint: value.hint } : {}),
    ...(isJsonObject(value.details) ? { details: value.details } : {}),
  };
}

function textOf(value: Json | undefined): string | null {
  return typeof value === "string" ? value : null;
}
