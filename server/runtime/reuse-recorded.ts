import { deadline } from "../../core/decide.ts";
import type { Decision } from "../../core/decision.ts";
import { effectIdOf } from "../../core/ids.ts";
import { reusableResult, type RecordedResult } from "../../core/recorded-results.ts";
import { approvalStart } from "../../core/redrive-facts.ts";
import type { NewEvent } from "../../core/run-events.ts";
import { occurrenceKey } from "../../core/step.ts";
import { recordFacts, type RunSession } from "./run-session.ts";
import { completeStep } from "./step-outcome.ts";

type Begun = Extract<Decision, { kind: "call" | "ask" }>;
type WaitStarted = Extract<NewEvent, { type: "step.started" }>;

/**
 * Takes the source run's result in place of a call or a question, where this run is a replay or fork and its source had
 * asked for the same with the same input. False where it is to be done; the run is not replaying any more then.
 */
export function reuseResult(session: RunSession, decision: Begun): boolean {
  if (session.recorded === null) return false;
  const { step, ref, input } = decision;
  const uses = decision.kind === "ask" || decision.uses === step.uses ? null : decision.uses;
  const key = occurrenceKey(ref.step_id, ref.occurrence);
  const result = reusableResult(session.recorded, key, { uses, input });
  if (result === null) {
    leaveReplay(session);
    return false;
  }
  const attempt = decision.kind === "ask" ? 1 : decision.attempt;
  const payload = { ...ref, attempt, input, ...(uses === null ? {} : { uses }) };
  recordFacts(session, [
    decision.kind === "ask" ? approvalStart(decision) : { type: "step.started", payload },
  ]);
  completeStep(session, step, {
    ref,
    attempt,
    output: result.output,
    before: reusedEffect(session, ref, result),
    reusedFrom: originOf(session, result),
  });
  return true;
}

/** Records what was decided; a wait that was over in the source run is over at once. */
export function recordDecided(session: RunSession, events: readonly NewEvent[]): void {
  const wait = session.recorded === null ? undefined : events.find(isWaitStart);
  if (wait === undefined || session.recorded === null) {
    recordFacts(session, events);
    return;
  }
  const { step_id, input = {} } = wait.payload;
  const result = reusableResult(session.recorded, step_id, { uses: null, input });
  if (result === null) leaveReplay(session);
  recordFacts(session, events);
  if (result === null) return;
  const payload = { step_id, output: result.output, reused_from: originOf(session, result) };
  recordFacts(session, [{ type: "step.completed", payload }]);
}

/** The first step that really happens ends the replaying. */
function leaveReplay(session: RunSession): void {
  const { plan, state } = session.history;
  if (state.status !== "replaying") return;
  recordFacts(session, [
    { type: "run.started", payload: deadline(plan, state, session.world.now()) },
  ]);
}

function reusedEffect(
  session: RunSession,
  ref: Begun["ref"],
  { effectId, place }: RecordedResult,
): NewEvent[] {
  if (effectId === null) return [];
  const { runId, sequence } = session.history.state;
  const payload = {
    ...ref,
    ...place,
    effect_id: effectIdOf(runId, sequence + 1),
    source_effect_id: effectId,
  };
  return [{ type: "side_effect.reused", payload }];
}

function originOf(session: RunSession, { sequence }: RecordedResult) {
  return { run_id: session.recorded?.sourceRunId ?? "", sequence };
}

function isWaitStart(event: NewEvent): event is WaitStarted {
  return event.type === "step.started" && event.payload.wait !== undefined;
}
