import { DomainError, toErrorRecord } from "../../core/errors.ts";
import { effectIdOf } from "../../core/ids.ts";
import { decideByLedger } from "../../core/ledger-decision.ts";
import type { StepRef } from "../../core/run-events.ts";
import type { PlanStep } from "../../core/run-plan.ts";
import { occurrenceKey } from "../../core/step.ts";
import type { FoundEffect } from "../database/effect-repository.ts";
import type { EffectAttempt } from "./effect-facts.ts";
import { recordFacts, type RunSession } from "./run-session.ts";
import { doubtError } from "./step-errors.ts";
import { completeStep, failAttempt } from "./step-outcome.ts";

type Call = { step: PlanStep; ref: StepRef; attempt: number };

/**
 * Looks the call's key up before it is announced. What happened before in the lineage is reused, not repeated;
 * `execute` is called where nothing did.
 */
export function reuseOrExecute(
  session: RunSession,
  call: Call,
  effect: EffectAttempt,
  execute: (isMadeAgain: boolean) => void,
): void {
  const { ref, step, attempt } = call;
  const key = occurrenceKey(ref.step_id, ref.occurrence);
  const waiting = session.calls.begin(key);
  const take = (work: () => void) =>
    session.turn(() => {
      session.calls.end(key);
      // Where the process stops, the next owner begins here again.
      if (session.isHeld) return;
      if (!waiting.isAborted && session.stop === null) work();
      else
        recordFacts(session, [
          { type: "step.canceled", payload: { ...ref, reason: "the run was stopped" } },
        ]);
    });
  session.world.findLiveEffect(session.history.state.tenantId, effect.idempotency_key).then(
    (found) =>
      take(() =>
        found === null ? execute(false) : applyEarlier(session, call, effect, found, execute),
      ),
    (error: unknown) =>
      take(() => failAttempt(session, step, { ref, attempt, error: toErrorRecord(error) })),
  );
}

function applyEarlier(
  session: RunSession,
  { step, ref, attempt }: Call,
  effect: EffectAttempt,
  { record, output }: FoundEffect,
  execute: (isMadeAgain: boolean) => void,
): void {
  const decision = decideByLedger(record, effect.request_hash, effect.replay_policy);
  if (decision.kind === "reexecute") {
    execute(true);
    return;
  }
  const effectId = effectIdOf(session.history.state.runId, session.history.state.sequence + 1);
  if (decision.kind === "reuse" && output !== null) {
    const payload = { ...ref, effect_id: effectId, source_effect_id: decision.sourceEffectId };
    completeStep(session, step, {
      ref,
      attempt,
      output,
      before: [{ type: "side_effect.reused", payload }],
    });
    return;
  }
  if (decision.kind === "blocked") {
    const error = new DomainError(
      "payload_changed",
      `Step ${step.id} was blocked: ${decision.reason}.`,
      {
        hint: "Look at the earlier effect, then start a new run.",
        details: { source_effect_id: decision.sourceEffectId },
      },
    ).toRecord();
    recordFacts(session, [
      {
        type: "side_effect.blocked",
        payload: { ...ref, effect_id: effectId, reason: decision.reason },
      },
      { type: "step.failed", payload: { ...ref, attempt, error } },
    ]);
    return;
  }
  const error = doubtError(step.id, {
    code: "effect_in_doubt",
    message: `effect ${record.effectId} of the same lineage has no known outcome.`,
  });
  recordFacts(session, [{ type: "step.failed", payload: { ...ref, attempt, error } }]);
}
