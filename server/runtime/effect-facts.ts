import { hash } from "node:crypto";
import { undoItemOf } from "../../core/compensation.ts";
import type { ErrorRecord } from "../../core/errors.ts";
import { effectIdOf } from "../../core/ids.ts";
import { toCanonicalJson, type JsonObject } from "../../core/json.ts";
import { ledgerKeyText, reexecutionKeyText, undoKeyText } from "../../core/ledger-key.ts";
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
  /** The approval under which it is sent. */
  clearance: string | null,
): EffectAttempt {
  const { state } = session.history;
  const stepPath = stepPathOf(session, ref.step_id);
  const undone = undoItemOf(state, ref);
  const before = state.steps.get(occurrenceKey(ref.step_id, ref.occurrence))?.effect;
  const key = hash("sha256", keyText(session, ref, call.capabilityId));
  // One place calls one capability: what it had announced is tried again, under whichever key that was.
  const isRepeated = before !== undefined;
  return {
    ...ref,
    effect_id: isRepeated ? before.effectId : null,
    step_path: stepPath,
    capability_id: call.capabilityId,
    binding_id: call.bindingId,
    binding_revision: call.bindingRevision,
    effect_class: call.effect.effectClass,
    idempotency_key: isRepeated ? before.key : key,
    request_hash: hashJson(input),
    service_id: call.serviceId,
    replay_policy: call.effect.replayPolicy,
    attempts: isRepeated ? before.attempts + 1 : 1,
    ...(undone === null ? {} : { compensates_effect_id: undone.effect_id }),
    ...(clearance === null ? {} : { approval_id: clearance }),
  };
}

function keyText(session: RunSession, ref: StepRef, capabilityId: string): string {
  const { state } = session.history;
  const { tenantId, lineageRootRunId } = state;
  const undone = undoItemOf(state, ref);
  if (undone !== null) return undoKeyText({ tenantId, effectId: undone.effect_id, capabilityId });
  const { occurrence = "" } = ref;
  const stepPath = stepPathOf(session, ref.step_id);
  return ledgerKeyText({ tenantId, lineageRootRunId, stepPath, occurrence, capabilityId });
}

/** The announcement itself: a new effect is named after the event that announces it, which must be the next one. */
export function announced(
  session: RunSession,
  effect: EffectAttempt,
): EventPayloads["side_effect.attempted"] {
  const { runId, sequence } = session.history.state;
  return { ...effect, effect_id: effect.effect_id ?? effectIdOf(runId, sequence + 1) };
}

/** The key of a call that is made again beside the live record of the given key. */
export function reexecutionKey(key: string): string {
  return hash("sha256", reexecutionKeyText(key));
}

/** The ledger's entry for what became of a call. */
export function effectOutcome(ref: StepRef, effectId: string, outcome: CallOutcome): NewEvent {
  if (!outcome.ok) {
    const payload = { ...ref, effect_id: effectId, error: outcome.error };
    return outcome.possiblySent
      ? { type: "side_effect.in_doubt", payload }
      : { type: "side_effect.failed", payload };
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

/** The ledger's entry for a call that was announced and certainly not sent. */
export function effectNeverSent(ref: StepRef, effectId: string, error: ErrorRecord): NewEvent {
  return { type: "side_effect.failed", payload: { ...ref, effect_id: effectId, error } };
}
