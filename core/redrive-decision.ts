import { decide } from "./decide.ts";
import { refOfKey, type Stop } from "./decision.ts";
import type { ErrorRecord } from "./errors.ts";
import type { Frontier } from "./frontier.ts";
import { factsOf, isSameFact, type Fact, type Moment } from "./redrive-facts.ts";
import { isTerminal } from "./run.ts";
import { stepKeyOfPayload, type EventType, type RunEvent } from "./run-events.ts";

/** Recorded by decisions alone, whatever the run does. */
const ALWAYS_DECIDED: ReadonlySet<EventType> = new Set([
  "run.started",
  "run.waiting_for_human",
  "run.waiting_for_signal",
  "run.completed",
  "run.failed",
  "run.canceled",
  "step.started",
  "step.skipped",
  "timer.scheduled",
  "timer.fired",
  "step.compensated",
  "approval.expired",
]);

/** These end a call where one is under way, and are decided where none is. */
const ENDS: ReadonlySet<EventType> = new Set(["step.completed", "step.failed", "step.canceled"]);

/** True where the event at this moment must have come from `decide`, and not from outside. */
export function isDecided({ state, events, index }: Moment): boolean {
  const event = events[index];
  if (event === undefined) return false;
  // A replay leaves its source's results where the runtime finds none; which those are is not in the history.
  if (event.type === "run.started" && state.replay !== null) return false;
  // Nor which waits and questions were over there.
  if (
    event.type === "step.completed" &&
    event.payload.reused_from !== undefined &&
    state.replay !== null
  )
    return false;
  // What people find out about an undoing after the end is a fact from outside.
  if (event.type === "step.compensated" && isTerminal(state.status)) return false;
  if (ALWAYS_DECIDED.has(event.type)) return true;
  const key = stepKeyOfPayload(event.payload);
  return ENDS.has(event.type) && key !== null && !state.frontier.running.has(key);
}

/**
 * What the engine would record at this moment: of all that it may decide now (which step comes first, just before or
 * just at the recorded time, stopped from outside or not) the decision that fits the longest stretch of what follows.
 */
export function bestDecision(moment: Moment): Fact[] {
  const { events, index } = moment;
  const event = events[index];
  if (event === undefined) return [];
  let best: { facts: Fact[]; fit: number } = { facts: [], fit: -1 };
  for (const circumstance of circumstancesOf(moment, event)) {
    for (const facts of decisionsIn(moment, circumstance, event)) {
      const fit = fitOf(moment, facts);
      if (fit > best.fit) best = { facts, fit };
      if (fit === facts.length && fit > 0) return facts;
    }
  }
  return best.facts;
}

/** What a decision may rest on that the history does not say: the step looked at, a wish to stop, the time. */
type Circumstance = { focus: string | null; stop: Stop | null; now: number };

function* circumstancesOf(moment: Moment, event: RunEvent): Generator<Circumstance> {
  const key = stepKeyOfPayload(event.payload);
  // Steps that are canceled with their run are canceled together.
  const focuses = key === null ? [null] : event.type === "step.canceled" ? [key, null] : [key];
  const before = moment.events[moment.index - 1]?.at ?? event.at;
  // A decision is made after the event before it and recorded at `at`; the clock may have ticked in between. One with
  // the time of the event before it may be of a clock that is behind, for which nothing may be due yet.
  const times = before === event.at ? [event.at, 0] : [event.at, Math.min(before, event.at)];
  const under = (stop: Stop | null) =>
    focuses.flatMap((focus) => times.map((now) => ({ focus, stop, now })));
  yield* under(null);
  const stop = stopOf(moment);
  if (stop !== null) yield* under(stop);
}

function decisionsIn(moment: Moment, circumstance: Circumstance, event: RunEvent): Fact[][] {
  const facts = decideIn(moment, circumstance);
  const drift = driftOf(moment, facts);
  const before = moment.events[moment.index - 1]?.at ?? event.at;
  const now = circumstance.now + drift;
  const earliest = before === event.at ? 0 : Math.min(before, event.at);
  if (drift === 0 || now > event.at || now < earliest) return [facts];
  return [decideIn(moment, { ...circumstance, now }), facts];
}

function decideIn(moment: Moment, { focus, stop, now }: Circumstance): Fact[] {
  const { plan, state } = moment;
  const frontier = focus === null ? state.frontier : focusOn(moment, focus);
  return inRecordedOrder(moment, factsOf(decide(plan, { ...state, frontier }, { now, stop })));
}

/** The run as if nothing but one step could be looked at: in which order several are is not settled by the history. */
function focusOn({ plan, state }: Moment, key: string): Frontier {
  const { frontier } = state;
  const only = <T>(set: ReadonlySet<T>, value: T) => new Set(set.has(value) ? [value] : []);
  const index = plan.stepIndex.get(refOfKey(key).step_id) ?? -1;
  return {
    ...frontier,
    ready: frontier.ready.includes(index, frontier.readyHead) ? [index] : [],
    readyHead: 0,
    waiting: only(frontier.waiting, key),
    retrying: only(frontier.retrying, key),
    loops: only(frontier.loops, index),
  };
}

/** Steps that are canceled together have no order. */
function inRecordedOrder({ events, index }: Moment, facts: Fact[]): Fact[] {
  const canceled = facts.filter((fact) => fact.type === "step.canceled");
  if (canceled.length < 2) return facts;
  const places = new Map<string | null, number>();
  for (const event of following(events, index, facts.length)) {
    if (event.type === "step.canceled") places.set(stepKeyOfPayload(event.payload), places.size);
  }
  const placeOf = (fact: Fact) => places.get(stepKeyOfPayload(fact.payload)) ?? places.size;
  const sorted = canceled.toSorted((a, b) => placeOf(a) - placeOf(b));
  return [...sorted, ...facts.filter((fact) => fact.type !== "step.canceled")];
}

/** How much of a decision the history holds from here on. A fact of the right type and step counts half. */
function fitOf(moment: Moment, facts: readonly Fact[]): number {
  const { events, index } = moment;
  const found = following(events, index, facts.length);
  const [first] = facts;
  const [event] = found;
  if (first === undefined || event === undefined) return -0.5;
  const count = facts.findIndex((fact, place) => {
    const other = found[place];
    return (
      other === undefined ||
      !isSameFact({ ...moment, index: events.indexOf(other, index) }, fact, other)
    );
  });
  if (count !== 0) return count === -1 ? facts.length : count;
  const isSamePlace =
    first.type === event.type &&
    stepKeyOfPayload(first.payload) === stepKeyOfPayload(event.payload);
  return isSamePlace ? 0.5 : 0;
}

/** The recorded events from a position on, without checkpoints, which stand between the facts of one decision. */
function following(events: readonly RunEvent[], index: number, count: number): RunEvent[] {
  const found: RunEvent[] = [];
  for (let place = index; place < events.length && found.length < count; place += 1) {
    const event = events[place];
    if (event !== undefined && event.type !== "checkpoint.saved") found.push(event);
  }
  return found;
}

/** How much earlier the decision was made than recorded, in ms, as far as one of its own times tells. */
function driftOf({ events, index }: Moment, facts: readonly Fact[]): number {
  const found = following(events, index, facts.length);
  for (const [place, fact] of facts.entries()) {
    const event = found[place];
    const [wanted, recorded] = [timeIn(fact), event === undefined ? null : timeIn(event)];
    if (wanted !== null && recorded !== null) return recorded - wanted;
  }
  return 0;
}

/** A time in a fact that follows from when it was decided; null where it holds none. */
function timeIn(fact: Fact): number | null {
  const text =
    fact.type === "run.started"
      ? fact.payload.deadline_at
      : fact.type === "step.started"
        ? fact.payload.wait?.until
        : fact.type === "step.completed"
          ? fact.payload.output?.["fired_at"]
          : undefined;
  const time = typeof text === "string" ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? null : time;
}

/** The wish to stop that the recorded end of the run tells of; null where the run came to its end by its plan. */
function stopOf({ state, events, index }: Moment): Stop | null {
  const end = events.find(({ type }, place) => place >= index && RUN_ENDS.has(type));
  if (end?.type === "run.canceled") {
    const { reason, compensation } = end.payload;
    const { actor } = end;
    return {
      kind: "cancel",
      ...(compensation === undefined ? {} : { shouldCompensate: true }),
      ...(reason === undefined ? {} : { reason }),
      ...(actor === undefined ? {} : { actor }),
    };
  }
  if (end?.type !== "run.failed") return null;
  const { error } = end.payload;
  const isOverdue = state.deadlineAt !== null && end.at >= state.deadlineAt;
  if (isOverdue && isDeadlineError(error, state.deadlineAt)) return { kind: "fail", error };
  return ENGINE_TROUBLE.has(error.code) ? { kind: "fail", error } : null;
}

const RUN_ENDS: ReadonlySet<EventType> = new Set(["run.completed", "run.failed", "run.canceled"]);

/** With these the engine itself gives a run up; any other error must follow from the plan. */
const ENGINE_TROUBLE: ReadonlySet<string> = new Set(["internal_error", "payload_too_large"]);

function isDeadlineError({ code, details }: ErrorRecord, deadlineAt: number | null): boolean {
  const isSameTime = details?.["deadline_at"] === new Date(deadlineAt ?? 0).toISOString();
  return code === "step_timeout" && isSameTime;
}
