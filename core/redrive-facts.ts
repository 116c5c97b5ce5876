import { isUndo } from "./compensation.ts";
import type { Decision } from "./decision.ts";
import { jsonEquals } from "./json.ts";
import type { EventPayloads, NewEvent, RunEvent } from "./run-events.ts";
import type { Plan } from "./run-plan.ts";
import type { RunState } from "./run-state.ts";
import { parseSkillUse } from "./skill.ts";

/** A recorded event and what the run was before it. */
export type Moment = { plan: Plan; state: RunState; events: readonly RunEvent[]; index: number };

/** A fact that the engine would record. */
export type Fact = NewEvent;

/** The facts that follow from a decision: what is to be recorded, or the start of a call as the runtime records it. */
export function factsOf(decision: Decision | null): Fact[] {
  if (decision === null) return [];
  if (decision.kind === "record" || decision.kind === "compensate") return decision.events;
  // Who is asked about an undoing that failed was asked for by its call.
  if (decision.kind === "ask") return isUndo(decision.ref) ? [] : [approvalStart(decision)];
  const { step, ref, uses, input, attempt } = decision;
  const chosen = uses === step.uses ? {} : { uses };
  return [{ type: "step.started", payload: { ...ref, attempt, input, ...chosen } }];
}

/** The start of a step that asks people; the question itself follows it, once its payload is hashed. */
export function approvalStart({ ref, input }: Extract<Decision, { kind: "ask" }>): NewEvent {
  return {
    type: "step.started",
    payload: { ...ref, attempt: 1, input, wait: { kind: "approval" } },
  };
}

/** True where the engine's fact and the recorded event say the same, apart from what only the outside knows. */
export function isSameFact(moment: Moment, fact: Fact, event: RunEvent): boolean {
  if (fact.type === "step.started" && event.type === "step.started") {
    return isSameStart(moment, fact.payload, event.payload);
  }
  if (fact.type === "run.waiting_for_human" && event.type === "run.waiting_for_human") {
    return jsonEquals(fact.payload.steps.toSorted(), event.payload.steps.toSorted());
  }
  if (fact.type === "run.waiting_for_signal" && event.type === "run.waiting_for_signal") {
    // Waiting steps have no order.
    const inOrder = (payload: EventPayloads["run.waiting_for_signal"]) => ({
      ...payload,
      steps: payload.steps.toSorted(),
    });
    return jsonEquals(inOrder(fact.payload), inOrder(event.payload));
  }
  const { payload } = event;
  if ("compensation" in payload && payload.compensation?.error !== undefined) {
    // Whether what there is to undo could be read is not in the history.
    const { compensation: _unread, ...rest } = payload;
    return fact.type === event.type && jsonEquals(fact.payload, rest);
  }
  return fact.type === event.type && jsonEquals(fact.payload, payload);
}

type Start = EventPayloads["step.started"];

function isSameStart(moment: Moment, wanted: Start, found: Start): boolean {
  const { child_run_id: childRunId, ...rest } = found;
  const step = moment.plan.steps[moment.plan.stepIndex.get(found.step_id) ?? -1];
  const isCall = wanted.input !== undefined && wanted.wait === undefined;
  // The id of a nested run is drawn; that there is one is not.
  const isNested = isCall && parseSkillUse(wanted.uses ?? step?.uses ?? "") !== null;
  if (childRunId === undefined ? isNested && !isTaken(moment) : !isNested) return false;
  if (jsonEquals(wanted, rest)) return true;
  const { input: _unstorable, ...withoutInput } = wanted;
  return failedToBegin(moment) && jsonEquals(withoutInput, rest);
}

/** A replay takes the result of its source's nested run without starting one; one that does not fit fails the step. */
function isTaken({ state, events, index }: Moment): boolean {
  const next = events[index + 1];
  if (state.replay === null) return false;
  return (
    next?.type === "step.failed" ||
    (next?.type === "step.completed" && next.payload.reused_from !== undefined)
  );
}

/** An input that is too large to store is left out, and the attempt fails at once (`server/runtime/step-outcome.ts`). */
function failedToBegin({ events, index }: Moment): boolean {
  const next = events[index + 1];
  const isEnd = next?.type === "step.failed" || next?.type === "step.retry_scheduled";
  return isEnd && next.payload.error.code === "payload_too_large";
}
