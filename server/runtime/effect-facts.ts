import { hash } from "node:crypto";
import type { ErrorRecord } from "../../core/errors.ts";
import { effectIdOf } from "../../core/ids.ts";
import { toCanonicalJson, type JsonObject } from "../../core/json.ts";
import { ledgerKeyText } from "../../core/ledger-key.ts";
import type { EventPayloads, NewEvent, StepRef } from "../../core/run-events.ts";
import { occurrenceKey } from "../../core/step.ts";
import type { CallOutcome, PreparedCall } from "./capability-caller.ts";
import { stepPathOf, type RunSession } from "./run-session.ts";

/** sha256 over the RFC 8785 text, with the names of both in front, so that the way of hashing may change one day. */
export function hashJson(value: JsonObject): string {
  try {
    return `sha256:jcs1:${hash("sha256", toCanonicalJson(value))}`;
  } catch {
    // RFC 8785 refuses texts that are not well-formed Unicode; what was called must be recorded all the same.
    return `sha256:json1:${hash("sha256", JSON.stringify(value))}`;
  }
}

/** What the ledger is to say of a call. A repeated call of the same place has its effect id already. */
export type EffectAttempt = Omit<EventPayloads["side_effect.attempted"], "effect_id"> & {
  effect_id: string | null;
};

/** The ledger's entry for a call that is about to be announced. */
export function effectAttempt(
  session: RunSession,
  ref: StepRef,
  input: JsonObject,
  call: PreparedCall,
): EffectAttempt {
  const { state } = session.history;
  const stepPath = stepPathOf(session, ref.step_id);
  const key = hash(
    "sha256",
    ledgerKeyText({
      tenantId: state.tenantId,
      lineageRootRunId: state.lineageRootRunId,
      stepPath,
      occurrence: ref.occurrence ?? "",
      capabilityId: call.capabilityId,
    }),
  );
  const before = state.steps.get(occurrenceKey(ref.step_id, ref.occurrence))?.effect;
  const isRepeated = before?.key === key;
  return {
    ...ref,
    effect_id: isRepeated ? before.effectId : null,
    step_path: stepPath,
    capability_id: call.capabilityId,
    binding_id: call.bindingId,
    binding_revision: call.bindingRevision,
    effect_class: call.effect.effectClass,
    idempotency_key: key,
    request_hash: hashJson(input),
    replay_policy: call.effect.replayPolicy,
    attempts: isRepeated ? before.attempts + 1 : 1,
  };
}

/** The announcement itself: a new effect is named after the event that announces it, which must be the next one. */
export function announced(
  session: RunSession,
  effect: EffectAttempt,
): EventPayloads["side_effect.attempted"] {
  const { runId, sequence } = session.history.state;
  return { ...effect, effect_id: effect.effect_id ?? effectIdOf(runId, sequence + 1) };
}

/** The ledger's entry for what became of a call. */
export function effectOutcome(
  session: RunSession,
  ref: StepRef,
  effectId: string,
  outcome: CallOutcome,
): NewEvent {
  if (!outcome.ok) {
    return outcome.possiblySent
      ? {
          type: "side_effect.in_doubt",
          payload: { ...ref, effect_id: effectId, error: outcome.error },
        }
      : effectNeverSent(session, ref, effectId, outcome.error);
  }
  return {
    type: "side_effect.recorded",
    payload: {
      ...ref,
      effect_id: effectId,
      response_hash: hashJson(outcome.output),
      ...(outcome.receipt === null ? {} : { receipt: outcome.receipt }),
    },
  };
}

/**
 * The ledger's entry for a call that was announced and certainly came to nothing. Where an earlier attempt under the
 * same key may have been acted on, that says nothing of it: the effect is in doubt again.
 */
export function effectNeverSent(
  session: RunSession,
  ref: StepRef,
  effectId: string,
  error: ErrorRecord,
): NewEvent {
  const { steps } = session.history.state;
  const effect = steps.get(occurrenceKey(ref.step_id, ref.occurrence))?.effect;
  const payload = { ...ref, effect_id: effectId, error };
  return effect?.mayHaveHappened === true
    ? { type: "side_effect.in_doubt", payload }
    : { type: "side_effect.failed", payload };
}
