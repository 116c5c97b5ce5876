import { DomainError, toErrorRecord } from "../../core/errors.ts";
import { effectIdOf } from "../../core/ids.ts";
import { decideByLedger } from "../../core/ledger-decision.ts";
import type { StepRef } from "../../core/run-events.ts";
import type { PlanStep } from "../../core/run-plan.ts";
import { occurrenceKey } from "../../core/step.ts";
import type { FoundEffect } from "../database/effect-repository.ts";
import { followingAttempt, type EffectAttempt } from "./effect-facts.ts";
import { recordFacts, type RunSession } from "./run-session.ts";
import { doubtError } from "./step-errors.ts";
import { completeStep, failAttempt } from "./step-outcome.ts";

type Call = { step: PlanStep; ref: StepRef; attempt: number };

/**
 * Looks the call's key up before it is announced. What happened before in the lineage is reused, not repeated;
 * `execute` is called where nothing did, or where it was undone: then with the key that follows it.
 */
export function reuseOrExecute(
  session: RunSession,
  call: Call,
  effect: EffectAttempt,
  execute: (effect: EffectAttempt) => void,
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
  findStanding(session, effect).then(
    ({ found, standing }) =>
      take(() =>
        found === null ? execute(standing) : applyEarlier(session, call, standing, found),
      ),
    (error: unknown) =>
      take(() => failAttempt(session, step, { ref, attempt, error: toErrorRecord(error) })),
  );
}

/** What stands at the call's place: past everything that was undone there, each under the key that follows it. */
async function findStanding(
  session: RunSession,
  effect: EffectAttempt,
): Promise<{ found: FoundEffect | null; standing: EffectAttempt }> {
  const { tenantId } = session.history.state;
  for (let standing = effect; ;) {
    const found = await session.world.findLiveEffect(tenantId, standing.idempotency_key);
    if (found?.record.status !== "compensated") return { found, standing };
    standing = followingAttempt(session, effect, found.record.effectId);
  }
}

function applyEarlier(
  session: RunSession,
  { step, ref, attempt }: Call,
  effect: EffectAttempt,
  { record, output }: FoundEffect,
): void {
  const decision = decideByLedger(record, effect.request_hash);
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
