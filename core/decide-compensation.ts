import { confirmationRequest } from "./approval-request.ts";
import {
  compensationResult,
  isAutomatic,
  saysNeverHappened,
  undoRef,
  undoStep,
  type CompensationEnd,
  type CompensationResult,
  type CompensationState,
  type UndoItem,
} from "./compensation.ts";
import { decideApprovalWait } from "./decide-approval-wait.ts";
import {
  MAX_RUNNING_OCCURRENCES,
  record,
  type Decision,
  type Now,
  type RunEnd,
} from "./decision.ts";
import { invariant, type ErrorRecord } from "./errors.ts";
import type { NewEvent } from "./run-events.ts";
import type { Plan } from "./run-plan.ts";
import type { RunState, StepState } from "./run-state.ts";
import { occurrenceKey } from "./step.ts";

/**
 * The end of a run, or what comes before it where its effects are to be undone first: its open steps end, it goes back
 * to `running` where it waited, was paused or replayed, and then what there is to undo is found out. `isAsked` where a
 * cancelation says so; else the skill's rule decides. A run that has not begun has done nothing, and one that is pushed
 * back leaves what it did to the replay that takes its place.
 */
export function undoBefore(
  plan: Plan,
  state: RunState,
  canceled: NewEvent[],
  end: RunEnd,
  isAsked?: boolean,
): Decision {
  const isDenied = state.denial !== undefined && state.denial.isPushBack !== true;
  const isFailure = end.type === "run.failed" || isDenied;
  const isWanted = isAsked ?? (isFailure && isAutomatic(plan.compensation, state));
  if (!isWanted || state.status === "pending") return record(...canceled, end);
  if (state.status === "paused") return record({ type: "run.resumed", payload: {} }, ...canceled);
  if (state.status === "replaying")
    return record({ type: "run.started", payload: {} }, ...canceled);
  if (canceled.length > 0) return record(...canceled);
  const by = end.actor === undefined ? {} : { actor: end.actor };
  return { kind: "compensate", events: [end], end: toEnd(end), ...by };
}

/** The end of a run of which nothing is undone, because what there is to undo cannot be found out. */
export function endNotUndone(end: RunEnd, error: ErrorRecord): RunEnd {
  const compensation: CompensationResult = { outcome: "failed", undone: 0, left: [], error };
  return end.type === "run.failed"
    ? { ...end, payload: { ...end.payload, compensation } }
    : { ...end, payload: { ...end.payload, compensation } };
}

function toEnd(end: RunEnd): CompensationEnd {
  const { outputs: _outputs, compensation: _none, ...rest } = end.payload;
  return "error" in rest ? { status: "failed", ...rest } : { status: "canceled", ...rest };
}

/**
 * The next thing to do for a run that undoes what it did: the next call, facts that follow from one, or the end. Going
 * backward, nothing is undone before what came after it is, or was left by a person.
 */
export function decideCompensation(
  plan: Plan,
  state: RunState,
  compensation: CompensationState,
  { now, stop }: Now,
): Decision | null {
  if (stop?.kind === "fail") {
    if (state.frontier.running.size > 0) return null;
    return record(endOf(state, compensation, { status: "failed", error: stop.error }));
  }
  let open = 0;
  for (const [index, item] of compensation.undo.entries()) {
    if (compensation.isUndone[index] === true) continue;
    const undoing = state.steps.get(occurrenceKey(item.step_id, undoRef(item, index).occurrence));
    if (undoing?.status === "canceled") continue;
    const decision = decideItem(plan, state, { item, index, undoing }, now);
    if (decision !== null) return decision;
    open += 1;
    if (compensation.strategy === "backward" || open >= MAX_RUNNING_OCCURRENCES) return null;
  }
  return open > 0 ? null : record(endOf(state, compensation, compensation.end));
}

const NOT_CALLED = {
  code: "confirmation_required",
  message: "neither gates nor people let it be called",
} as const;

type Undoing = { item: UndoItem; index: number; undoing: StepState | undefined };

function decideItem(
  plan: Plan,
  state: RunState,
  { item, index, undoing }: Undoing,
  now: number,
): Decision | null {
  const planned = plan.steps[plan.stepIndex.get(item.step_id) ?? -1];
  if (planned === undefined) return null;
  const step = undoStep(plan, planned);
  const ref = undoRef(item, index);
  const call = (attempt: number): Decision => {
    const { uses, input } = item;
    return { kind: "call", step, ref, uses, input, attempt };
  };
  // It was called, whatever a gate made of its answer.
  const isMade = undoing?.effect?.status === "recorded";
  switch (undoing?.status) {
    case undefined:
      return call(1);
    case "completed":
      return record(compensated(state, index, {}));
    case "degraded":
      // A gate or a confirmation that nobody gave may have kept it from being called.
      return isMade
        ? record(compensated(state, index, {}))
        : askAbout({ step, item, ref }, NOT_CALLED, now);
    case "failed":
      if (isMade) return record(compensated(state, index, {}));
      return saysNeverHappened(item, undoing.error)
        ? record(compensated(state, index, { was_absent: true }))
        : askAbout({ step, item, ref }, undoing.error, now);
    case "retry_scheduled":
      return now < (undoing.dueAt ?? 0) ? null : call(undoing.attempt + 1);
    case "waiting_for_human": {
      const { approval } = undoing;
      if (approval?.status === "expired") return askAbout({ step, item, ref }, NOT_CALLED, now);
      if (approval?.status !== "denied") return decideApprovalWait(step, state, ref, undoing, now);
      const { name = "somebody", comment = "" } = approval.decisions.at(-1) ?? {};
      const reason = `${name} leaves it as it is${comment === "" ? "" : `: ${comment}`}`;
      const canceled: NewEvent = { type: "step.canceled", payload: { ...ref, reason } };
      return record(canceled, ...(isMade ? [compensated(state, index, {})] : []));
    }
    default:
      return null;
  }
}

/** The fact that the item at `index` of what the run undoes is undone. */
export function compensated(state: RunState, index: number, how: { was_absent?: true }): NewEvent {
  const { undo = [], left = [], isUndone = [] } = state.compensation ?? {};
  const item = undo[index];
  invariant(item !== undefined, "what is undone is planned");
  const { step_id, occurrence, effect_id } = item;
  const standing = [...undo.filter((_, place) => place !== index && !isUndone[place]), ...left];
  const ofStep = standing.filter((effect) => effect.step_id === step_id);
  const completes: { completes?: "step" | "occurrence" } =
    ofStep.length === 0
      ? { completes: "step" }
      : ofStep.some((effect) => effect.occurrence === occurrence)
        ? {}
        : { completes: "occurrence" };
  const place = occurrence === undefined ? { step_id } : { step_id, occurrence };
  return { type: "step.compensated", payload: { ...place, effect_id, ...how, ...completes } };
}

/** Its budget is used up: people say whether it is tried again or left. */
function askAbout(
  {
    step,
    item,
    ref,
  }: Pick<Extract<Decision, { kind: "ask" }>, "step" | "ref"> & { item: UndoItem },
  error: ErrorRecord | undefined,
  now: number,
): Decision {
  const why = (error?.message ?? "the reason is not known").replace(/\.$/, "");
  const reason = `${item.capability_id} of step ${item.step_id} could not be undone (${item.effect_id}): ${why}. Approve to try again; deny to leave it as it is.`;
  const question = {
    risk: "high" as const,
    reason: reason.slice(0, 2_000),
    // Until somebody says so, nobody gives the effect up.
    timeoutMs: null,
    on_expiry: "deny" as const,
  };
  const request = confirmationRequest(item.input, question, now);
  return { kind: "ask", step, ref, input: item.input, request };
}

function endOf(state: RunState, compensation: CompensationState, end: CompensationEnd): NewEvent {
  const result = { outputs: state.scope.outputs, ...compensationResult(compensation) };
  if (end.status === "failed") {
    const { status: _failed, ...why } = end;
    return { type: "run.failed", payload: { ...why, ...result } };
  }
  const { status: _canceled, ...why } = end;
  const { actor } = compensation;
  const by = actor === undefined ? {} : { actor };
  return { type: "run.canceled", payload: { ...why, ...result }, ...by };
}
