import { hash } from "node:crypto";
import { undoItemOf } from "../../core/compensation.ts";
import type { ErrorRecord } from "../../core/errors.ts";
import { effectIdOf } from "../../core/ids.ts";
import { toCanonicalJson, type JsonObject } from "../../core/json.ts";
import { ledgerKeyText, reexecutionKeyText, undoKeyText } from "../../core/ledger-key.ts";
import { ledgerPathOf } from "../../core/replay-changes.ts";
import type { EventPayloads, NewEvent, StepRef } from "../../core/run-events.ts";
import type { RunState } from "../../core/run-state.ts";
import { occurrenceKey } from "../../core/step.ts";
import type { CallOutcome, PreparedCall } from "./capability-caller.ts";
import { stepPathOf, type RunSession } from "./run-session.ts";

/** sha256 over the RFC 8785 text, with the names of both in front, so that the way of hashing may change one day. */
export function hashJson(value: JsonObject): string {
  return digestJson(value).hash;
}

/** The same hash, with the text that it is of. */
export function digestJson(value: JsonObject): { hash: string; text: string } {
  try {
    const text = toCanonicalJson(value);
    return { hash: `sha256:jcs1:${hash("sha256", text)}`, text };
  } catch {
    // RFC 8785 refuses texts that are not well-formed Unicode; what was called must be recorded all the same.
    const text = JSON.stringify(value);
    return { hash: `sha256:json1:${hash("sha256", text)}`, text };
  }
}

/** What the ledger is to say of a call. A repeated call of the same place has its effect id already. */
export type EffectAttempt = Omit<EventPayloads["side_effect.attempted"], "effect_id"> & {
  effect_id: string | null;
};

/** The key under which the ledger knows a call of a run. */
export function ledgerKeyOf(state: RunState, ref: StepRef, capabilityId: string): string {
  return hash(
    "sha256",
    ledgerKeyText({
      tenantId: state.tenantId,
      lineageRootRunId: state.lineageRootRunId,
      stepPath: ledgerPathOf(state, ref.step_id),
      occurrence: ref.occurrence ?? "",
      capabilityId,
    }),
  );
}

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
  const key =
    undone === null
      ? ledgerKeyOf(state, ref, call.capabilityId)
      : undoKeyOf(state, undone.effect_id, call.capabilityId);
  const before = state.steps.get(occurrenceKey(ref.step_id, ref.occurrence))?.effect;
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
    ...(clearance === null ? {} : { approval_id: clearance }),
    ...(undone === null ? {} : { compensates_effect_id: undone.effect_id }),
  };
}

/** The key under which the ledger knows the undoing of an effect. */
function undoKeyOf({ tenantId }: RunState, effectId: string, capabilityId: string): string {
  return hash("sha256", undoKeyText({ tenantId, effectId, capabilityId }));
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
