import { checkpointAfter } from "./checkpoint.ts";
import { evolve } from "./evolve.ts";
import { jsonEquals, type Json, type JsonObject } from "./json.ts";
import { bestDecision, isDecided } from "./redrive-decision.ts";
import { isSameFact, type Fact, type Moment } from "./redrive-facts.ts";
import { expectedOutcome } from "./redrive-outcome.ts";
import { stepKeyOfPayload, type EventType, type RunEvent } from "./run-events.ts";
import type { Plan } from "./run-plan.ts";
import { emptyRunState, type RunState } from "./run-state.ts";

/** Where a history and the engine disagree. `expected` is null where the engine would have done nothing then. */
export type RedriveDifference = {
  sequence: number;
  type: EventType;
  /** The step, or `step#occurrence`; null for events of the whole run. */
  step: string | null;
  expected: { type: EventType; payload: JsonObject } | null;
  found: { type: EventType; payload: JsonObject };
  reason: string;
};

/** What became of one recorded event: the engine decides the same, or it is a fact from outside that the engine took. */
export type RedrivenEvent = {
  event: RunEvent;
  basis: "decided" | "given";
  difference: RedriveDifference | null;
};

/**
 * Drives a recorded run again without calling anybody: folds each event with `evolve`, asks `decide` what comes next,
 * and feeds it the recorded results of calls, signals and commands. Steps may have started in any order in which the
 * engine may start them: a process that took a run over need not keep the order of the one before. Goes on after a
 * difference with what was recorded, and ends early only where that cannot be folded.
 */
export function* redriveRun(
  plan: Plan,
  identity: { tenantId: string; runId: string; traceId: string },
  events: readonly RunEvent[],
): Generator<RedrivenEvent, RunState> {
  const state = emptyRunState(plan, identity);
  let expected: Fact[] = [];
  for (const [index, event] of events.entries()) {
    const moment: Moment = { plan, state, events, index };
    const found = { type: event.type, payload: event.payload };
    const differ = (reason: string, fact: Fact | null): RedriveDifference => {
      const step = stepKeyOfPayload(found.payload);
      const { sequence, type } = event;
      const wanted = fact === null ? null : { type: fact.type, payload: fact.payload };
      return { sequence, type, step, expected: wanted, found, reason };
    };
    if (event.sequence !== state.sequence + 1) {
      const difference = differ(`event ${state.sequence + 1} is missing`, null);
      yield { event, basis: "given", difference };
      return state;
    }
    const checked: RedrivenEvent = { event, basis: "given", difference: null };
    let isFolded = true;
    try {
      if (event.type === "checkpoint.saved") {
        checked.basis = "decided";
        checked.difference = checkCheckpoint(moment, differ);
      } else if (expected.length > 0 || isDecided(moment)) {
        checked.basis = "decided";
        if (expected.length === 0) expected = bestDecision(moment);
        const [wanted = null, ...rest] = expected;
        const isSame = wanted !== null && isSameFact(moment, wanted, event);
        expected = isSame ? rest : [];
        if (!isSame) checked.difference = differ(reasonFor(wanted, event), wanted);
      } else {
        const outcome = checkGiven(moment);
        if (outcome !== null) checked.difference = differ(outcome.reason, outcome.fact);
      }
      evolve(plan, state, event);
    } catch (error) {
      isFolded = false;
      checked.difference ??= differ(
        `it cannot follow what is before it: ${messageOf(error)}`,
        null,
      );
    }
    yield checked;
    if (!isFolded) return state;
  }
  return state;
}

function reasonFor(wanted: Fact | null, event: RunEvent): string {
  if (wanted === null) return `the engine would not record ${event.type} here`;
  if (wanted.type !== event.type) return `the engine would record ${wanted.type} here`;
  const names = differingKeys(wanted.payload, event.payload);
  return `the engine would record another ${names.join(", ")}`;
}

function differingKeys(a: JsonObject, b: JsonObject): string[] {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].filter((name) => !jsonEquals(a[name], b[name]));
}

/** A history may hold anything once it has been edited. */
function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "unknown reason";
}

type Differ = (reason: string, fact: Fact | null) => RedriveDifference;

/** A checkpoint says after what it stands and which one was before it; its hash is the pack's to verify. */
function checkCheckpoint({ state, events, index }: Moment, differ: Differ) {
  const event = events[index];
  const before = events[index - 1];
  if (event?.type !== "checkpoint.saved") return null;
  const kind = before === undefined ? null : checkpointAfter(before, state.frontier);
  if (before === undefined || kind === null) {
    return differ("no checkpoint belongs here", null);
  }
  const stepPath = stepKeyOfPayload(before.payload);
  const parent = state.checkpoint.sequence;
  const payload = {
    kind,
    state_hash: event.payload.state_hash,
    ...(stepPath === null ? {} : { step_path: stepPath }),
    ...(parent === 0 ? {} : { parent_sequence: parent }),
  };
  if (jsonEquals(payload, event.payload)) return null;
  return differ("the checkpoint does not fit its place", { type: "checkpoint.saved", payload });
}

/** What is wrong with a fact that came from outside; null where the engine takes it as it is. */
function checkGiven(moment: Moment): { reason: string; fact: Fact | null } | null {
  const { plan, events, index } = moment;
  const event = events[index];
  if (event === undefined) return null;
  if ((event.type === "run.created") !== (index === 0)) {
    return { reason: "a run is created by its first event, and by no other", fact: null };
  }
  if (event.type !== "run.created") return expectedOutcome(moment, event);
  const { payload } = event;
  const { skillId, skillVersion, skillHash } = plan;
  const skill: Json = [payload.skill_id, payload.skill_version, payload.skill_hash];
  if (jsonEquals(skill, [skillId, skillVersion, skillHash])) return null;
  const own = { skill_id: skillId, skill_version: skillVersion, skill_hash: skillHash };
  const fact: Fact = { type: "run.created", payload: { ...payload, ...own } };
  return { reason: "the run is of another skill than the definition", fact };
}
