import type { ApprovalRequest } from "../../core/approval-request.ts";
import { toErrorRecord } from "../../core/errors.ts";
import { doubtRequest, replayRequest } from "../../core/effect-question.ts";
import type { JsonObject } from "../../core/json.ts";
import type { NewEvent } from "../../core/run-events.ts";
import { asked } from "./approval-step.ts";
import type { CallAttempt } from "./call-attempt.ts";
import { recordFacts, type RunSession } from "./run-session.ts";

/** Asks people what became of a call, in place of failing its step: the step waits from now on. */
export function askAboutDoubt(
  session: RunSession,
  attempt: CallAttempt,
  effectId: string,
  why: string,
): void {
  const { input: request, call } = attempt;
  const { capabilityId } = call;
  const reason = `Nobody knows whether ${capabilityId} happened in step ${attempt.step.id}: ${why}`;
  const question = doubtRequest(
    { effectId, capabilityId, request },
    reason.slice(0, 2_000),
    session.world.now(),
  );
  ask(session, attempt, question, []);
}

/** Asks people for the result of a call that happened, where no history holds it: its run was stopped before, or a gate refused it. */
export function askForResult(session: RunSession, attempt: CallAttempt, effectId: string): void {
  const { input: request, call } = attempt;
  const { capabilityId } = call;
  const reason = `${capabilityId} of step ${attempt.step.id} was made as ${effectId}, and its result was not taken in. Enter it, or say that it did not happen to have it made again.`;
  const effect = { effectId, capabilityId, request };
  ask(session, attempt, doubtRequest(effect, reason, session.world.now()), []);
}

/** Asks people whether a call that the lineage has made before is made again; `before` goes into the same record. */
export function askAboutReplay(
  session: RunSession,
  attempt: CallAttempt,
  earlier: { effectId: string; request: JsonObject | null; why: string },
  before: readonly NewEvent[],
): void {
  const { input: request, call } = attempt;
  const { capabilityId } = call;
  const effect = { effectId: earlier.effectId, capabilityId, request };
  const why = earlier.why.charAt(0).toUpperCase() + earlier.why.slice(1);
  const reason = `Call ${capabilityId} again in step ${attempt.step.id}? ${why}.`;
  ask(session, attempt, replayRequest(effect, earlier.request, reason), before);
}

function ask(
  session: RunSession,
  { ref, uses, step, attempt }: CallAttempt,
  question: ApprovalRequest,
  before: readonly NewEvent[],
): void {
  try {
    if (before.length > 0) recordFacts(session, before);
    const own = uses === step.uses ? undefined : uses;
    recordFacts(session, [asked(session, ref, question, own)]);
  } catch (error) {
    // Two requests together may be too large to store: nobody can be asked then.
    const failure = toErrorRecord(error);
    recordFacts(session, [{ type: "step.failed", payload: { ...ref, attempt, error: failure } }]);
  }
}
