import { z } from "zod";
import type { Approval } from "../../core/approval.ts";
import { undoIndexOf, undoItemOf } from "../../core/compensation.ts";
import { compensated } from "../../core/decide-compensation.ts";
import { restrictedTo } from "../../core/approval-policy.ts";
import { whyNotEligible, type Approver } from "../../core/approver.ts";
import { DOUBT_ELIGIBLE, DOUBT_OUTCOMES, effectAskedAbout } from "../../core/effect-question.ts";
import { DomainError } from "../../core/errors.ts";
import { JsonObjectSchema } from "../../core/field.ts";
import type { JsonObject } from "../../core/json.ts";
import type { EventPayloads, NewEvent, StepRef } from "../../core/run-events.ts";
import { isTerminal } from "../../core/run.ts";
import { isStepEnded, occurrenceKey } from "../../core/step.ts";
import type { EffectWrite } from "../database/segment-write.ts";
import { ApproverSchema, decisionFacts } from "./approval-commands.ts";
import { completeEnteredResult } from "./entered-result.ts";
import { hashJson } from "./effect-facts.ts";
import type { RunSession } from "./run-session.ts";
import type { OpenCommand } from "./run-world.ts";

export const ResolveSchema = z.object({
  effect_id: z.string(),
  outcome: z.enum([...DOUBT_OUTCOMES, "stop"]),
  result: JsonObjectSchema.exactOptional(),
  comment: z.string().exactOptional(),
  /** Who says it; null for a status probe that another run of the lineage has made. */
  approver: ApproverSchema.nullable(),
  /** People of another run of the lineage have decided it, under that run's policy. */
  is_decided: z.literal(true).exactOptional(),
});

/** What a `resolve` command carries: an effect in doubt, and what became of it. */
export type ResolvePayload = z.infer<typeof ResolveSchema>;

/**
 * The facts that say what became of an effect in doubt: the answer to the question that its step waits with, or, where the
 * step has ended, the correction of the record alone. Throws the DomainError with which the command is refused.
 */
export function resolveFacts(session: RunSession, command: OpenCommand): NewEvent[] {
  const said = ResolveSchema.parse(command.payload);
  const { effect_id: effectId, outcome, comment, approver } = said;
  const approval = pendingQuestion(session, effectId);
  if (approval !== null && approver !== null) {
    const { approval_id: id, payload_hash: hash } = approval;
    const base = { approval_id: id, payload_hash: hash, approver };
    const more = comment === undefined ? {} : { comment };
    if (outcome === "stop") return decisionFacts(session, { ...base, ...more, decision: "deny" });
    const payload = { ...approval.payload, outcome, result: said.result ?? null };
    return decisionFacts(session, { ...base, ...more, decision: "approve", payload });
  }
  const row = session.history.findOpenEffect(effectId);
  if (approval !== null || row?.status !== "in_doubt" || isAtWork(session, row, effectId))
    throw notInDoubt(effectId, row);
  if (approver !== null && said.is_decided !== true) assertMayResolve(session, said, row, approver);
  if (outcome === "stop") {
    throw new DomainError("invalid_transition", `The step of effect ${effectId} has ended.`, {
      hint: "Nothing is left to stop; say whether it happened.",
      details: { effect_id: effectId },
    });
  }
  const payload: EventPayloads["side_effect.resolved"] = {
    ...refOf(session, row),
    effect_id: effectId,
    by: approver === null ? "status_probe" : "person",
    resolution: outcome,
    ...(outcome === "happened" ? resultOf(session, row, said.result) : {}),
    ...(comment === undefined ? {} : { comment }),
  };
  const by = approver === null ? {} : { actor: approver.actor };
  const resolved: NewEvent = { type: "side_effect.resolved", payload, ...by };
  return [resolved, ...undoneBy(session, payload)];
}

/** An undoing of a run that has ended did happen: what it undid does not stand any more. */
function undoneBy(
  { history }: RunSession,
  { resolution, ...ref }: EventPayloads["side_effect.resolved"],
): NewEvent[] {
  const { state } = history;
  const isUndoing = resolution === "happened" && undoItemOf(state, ref) !== null;
  return isUndoing && isTerminal(state.status) ? [compensated(state, undoIndexOf(ref), {})] : [];
}

/** The record of a step that has ended is corrected by whoever could have answered its question alone. */
function assertMayResolve(
  { history, world }: RunSession,
  { effect_id: effectId }: ResolvePayload,
  { capabilityId }: EffectWrite,
  approver: Approver,
): void {
  const own = { eligible: DOUBT_ELIGIBLE, quorum: 1, forbid_self_approval: false };
  const terms = restrictedTo(own, world.caller.askedTerms(capabilityId, "in_doubt"));
  const { initiator } = history.state;
  const asked = { ...terms, ...(initiator === undefined ? {} : { requested_by: initiator }) };
  const why = whyNotEligible(asked, approver);
  if (why !== null) throw new DomainError("forbidden", why, { hint: "Ask one of them." });
  if (terms.quorum === 1) return;
  throw new DomainError(
    "forbidden",
    `${terms.quorum} people decide what became of effect ${effectId} together, and nobody is asked now.`,
    {
      hint: "Resume or replay the run: it asks them.",
      details: { effect_id: effectId, quorum: terms.quorum },
    },
  );
}

function pendingQuestion({ history }: RunSession, effectId: string): Approval | null {
  for (const key of history.state.frontier.waiting) {
    const approval = history.state.steps.get(key)?.approval;
    if (approval?.kind === "in_doubt" && effectAskedAbout(approval) === effectId) return approval;
  }
  return null;
}

/** Its step looks into the effect itself, or sends it again. */
function isAtWork({ history }: RunSession, row: EffectWrite, effectId: string): boolean {
  const { stepPath, occurrence } = row;
  const stepId = stepPath.slice(stepPath.lastIndexOf("/") + 1);
  const key = occurrenceKey(stepId, occurrence === "" ? undefined : occurrence);
  const step = history.state.steps.get(key);
  return step?.effect?.effectId === effectId && !isStepEnded(step.status);
}

function refOf({ history }: RunSession, { stepPath, occurrence }: EffectWrite): StepRef {
  const { parent } = history.state;
  const stepId = parent === null ? stepPath : stepPath.slice(parent.step_path.length + 1);
  return occurrence === "" ? { step_id: stepId } : { step_id: stepId, occurrence };
}

function resultOf(session: RunSession, row: EffectWrite, result: JsonObject | undefined) {
  const output = completeEnteredResult(session, row.capabilityId, result ?? null);
  return { output, response_hash: hashJson(output) };
}

function notInDoubt(effectId: string, row: Readonly<EffectWrite> | null): DomainError {
  const what =
    row === null
      ? "has an outcome already"
      : row.status === "in_doubt"
        ? "is being looked into by its run just now"
        : `is ${row.status}, not in doubt`;
  return new DomainError("invalid_transition", `Effect ${effectId} ${what}.`, {
    hint: `Look at it with GET /api/v1/effects/${effectId}.`,
    details: { effect_id: effectId, status: row?.status ?? null },
  });
}
