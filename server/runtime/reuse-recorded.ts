import type { Decision } from "../../core/decision.ts";
import { effectIdOf } from "../../core/ids.ts";
import { leaveReplay } from "../../core/leave-replay.ts";
import { reusableResult, type RecordedResult } from "../../core/recorded-results.ts";
import { approvalStart } from "../../core/redrive-facts.ts";
import type { NewEvent } from "../../core/run-events.ts";
import { parseSkillUse } from "../../core/skill.ts";
import { occurrenceKey } from "../../core/step.ts";
import { recordFacts, type RunSession } from "./run-session.ts";
import { completeStep } from "./step-outcome.ts";

type Begun = Extract<Decision, { kind: "call" | "ask" }>;
type WaitStarted = Extract<NewEvent, { type: "step.started" }>;

/**
 * Takes the source run's result in place of a call or a question, where this run is a replay or fork and its source had
 * asked for the same with the same input. `none` where it is to be done; the run is not replaying any more then. `taken`
 * also where leaving the source gave variables other values, so that it has to be decided again. `awaited` while it is
 * found out whether what the result did outside still stands: a turn of the run follows.
 */
export function reuseResult(session: RunSession, decision: Begun): "taken" | "none" | "awaited" {
  if (session.recorded === null) return "none";
  const { step, ref, input } = decision;
  const uses = decision.kind === "ask" || decision.uses === step.uses ? null : decision.uses;
  const key = occurrenceKey(ref.step_id, ref.occurrence);
  const { overrides } = session.history.state;
  const result = reusableResult(session.recorded, key, { uses, input }, overrides);
  const standing = result === null ? false : isStanding(session, decision, key, result);
  if (standing === null) return "awaited";
  if (result === null || !standing) return leavesWithVars(session) ? "taken" : "none";
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
  return "taken";
}

/** Whether what a result did outside stands still, which another run may be undoing; null while that is looked up. */
function isStanding(
  session: RunSession,
  decision: Begun,
  key: string,
  { effectId }: RecordedResult,
): boolean | null {
  const isNested = decision.kind === "call" && parseSkillUse(decision.uses) !== null;
  if (effectId === null && !isNested) return true;
  const known = session.standing.get(key);
  if (known !== undefined) return known;
  if (session.calls.has(key)) return null;
  session.calls.begin(key);
  const take = (stands: boolean) => {
    session.turn(() => {
      session.calls.end(key);
      session.standing.set(key, stands);
    });
    // Where the run does not go on at once, it is looked up again.
    session.standing.delete(key);
  };
  // What cannot be looked up is not taken for granted: the ledger is asked again.
  session.world.standsStill(session.history.state, { key, effectId }).then(take, () => take(false));
  return null;
}

/** Records what was decided, unless that has to be decided again; a wait that was over in the source is over at once. */
export function recordDecided(session: RunSession, events: readonly NewEvent[]): void {
  const wait = session.recorded === null ? undefined : events.find(isWaitStart);
  if (wait === undefined || session.recorded === null) {
    recordFacts(session, events);
    return;
  }
  const { step_id, input = {} } = wait.payload;
  const { overrides } = session.history.state;
  const result = reusableResult(session.recorded, step_id, { uses: null, input }, overrides);
  if (result === null && leavesWithVars(session)) return;
  recordFacts(session, events);
  if (result === null) return;
  const payload = { step_id, output: result.output, reused_from: originOf(session, result) };
  recordFacts(session, [{ type: "step.completed", payload }]);
}

/** The first step that really happens ends the replaying. True where variables have other values from now on. */
function leavesWithVars(session: RunSession): boolean {
  const { plan, state } = session.history;
  const fact = leaveReplay(plan, state, session.world.now());
  if (fact === null) return false;
  recordFacts(session, [fact]);
  return state.replay?.changes?.vars !== undefined;
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
