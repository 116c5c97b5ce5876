import { isUndo, stepAt } from "./compensation.ts";
import { toErrorRecord } from "./errors.ts";
import { assertUsable } from "./loop-results.ts";
import { jsonEquals } from "./json.ts";
import { bestDecision } from "./redrive-decision.ts";
import { mayRetry, retryDelayMs } from "./retry.ts";
import type { Fact, Moment } from "./redrive-facts.ts";
import { stepKeyOfPayload, type EventPayloads, type RunEvent } from "./run-events.ts";
import { occurrenceKey } from "./step.ts";

/** What is wrong with how a call's recorded result was taken; null where the engine takes it in the same way. */
export function expectedOutcome(
  moment: Moment,
  event: RunEvent,
): { reason: string; fact: Fact | null } | null {
  switch (event.type) {
    case "approval.requested":
      return checkAsked(moment, event.payload);
    case "step.completed":
      return checkCompleted(moment, event.payload);
    case "step.failed":
      return checkAttempt(moment, event.payload);
    case "step.retry_scheduled":
      return checkAttempt(moment, event.payload) ?? checkRetry(moment, event.payload, event.at);
    default:
      return null;
  }
}

/** A form is asked for by its step's start; a confirmation stands where the call itself would otherwise begin. */
function checkAsked(moment: Moment, payload: EventPayloads["approval.requested"]) {
  const key = occurrenceKey(payload.step_id, payload.occurrence);
  const waiting = moment.state.steps.get(key);
  // An undoing that failed; that people are asked then is all that follows from it.
  if (isUndo(payload) && waiting?.status === "failed") return null;
  if (payload.kind === "form") {
    const isAsking = waiting?.wait?.kind === "approval" && waiting.approval === undefined;
    return isAsking ? null : { reason: "no step asks for an approval here", fact: null };
  }
  if (payload.kind === "in_doubt" || payload.kind === "replay") {
    const isUnderWay = waiting?.status === "running";
    return isUnderWay ? null : { reason: "no call is under way here", fact: null };
  }
  // Gates are asked by a step that has begun, and confirmations after them.
  if (waiting?.status === "running") {
    const isSame =
      payload.gate?.phase === "post_gate" || jsonEquals(waiting.input, payload.payload);
    return isSame ? null : { reason: "people are asked about another input", fact: null };
  }
  const [fact = null] = bestDecision(moment);
  const isCall = fact?.type === "step.started" && stepKeyOfPayload(fact.payload) === key;
  return isCall && jsonEquals(fact.payload.input, payload.payload)
    ? null
    : { reason: "no call that people would be asked for begins here", fact };
}

/** The engine fails a step whose output cannot be mapped, merged or stored. */
function checkCompleted({ plan, state }: Moment, payload: EventPayloads["step.completed"]) {
  const step = stepAt(plan, payload);
  if (step === null) return null;
  const { output = {}, ...ref } = payload;
  try {
    assertUsable(step, state, ref.occurrence, output);
    return null;
  } catch (thrown) {
    const error = toErrorRecord(thrown);
    const attempt = attemptOf({ state }, payload);
    const place = ref.occurrence === undefined ? {} : { occurrence: ref.occurrence };
    const fact: Fact = {
      type: "step.failed",
      payload: { step_id: ref.step_id, ...place, attempt, error },
    };
    return { reason: "the engine cannot take this output", fact };
  }
}

type Attempted = EventPayloads["step.failed"] | EventPayloads["step.retry_scheduled"];

function checkAttempt({ state }: Moment, payload: Attempted) {
  const attempt = attemptOf({ state }, payload);
  return attempt === payload.attempt
    ? null
    : { reason: `attempt ${attempt} was under way, not ${payload.attempt}`, fact: null };
}

/** A retry follows the step's rule, and is due within what its jitter allows. */
function checkRetry(
  { plan, events, index }: Moment,
  payload: EventPayloads["step.retry_scheduled"],
  at: number,
) {
  const step = stepAt(plan, payload);
  const { attempt, error, ...ref } = payload;
  const rule = step?.retry ?? null;
  if (rule === null || !mayRetry(rule, attempt, error)) {
    const { due_at: _never, ...place } = ref;
    const fact: Fact = { type: "step.failed", payload: { ...place, attempt, error } };
    return { reason: "the step's rule allows no further attempt", fact };
  }
  const dueAt = Date.parse(payload.due_at);
  const before = events[index - 1]?.at ?? at;
  // With the time of the event before it, it may be of a clock that is behind.
  const from = before === at ? 0 : Math.min(before, at);
  const earliest = from + retryDelayMs(rule, attempt, 0);
  const latest = at + retryDelayMs(rule, attempt, 1);
  return dueAt >= earliest && dueAt <= latest
    ? null
    : { reason: "the retry is due at another time than its rule says", fact: null };
}

function attemptOf(
  { state }: Pick<Moment, "state">,
  payload: { step_id: string; occurrence?: string },
) {
  return state.steps.get(occurrenceKey(payload.step_id, payload.occurrence))?.attempt ?? 0;
}
