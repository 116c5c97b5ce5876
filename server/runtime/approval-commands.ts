import { z } from "zod";
import { isRuntimeQuestion } from "../../core/approval-policy.ts";
import { VERDICTS, type Approval } from "../../core/approval.ts";
import { assertMayRelease, reassignApproval } from "../../core/assign-approval.ts";
import {
  assertEligible,
  decideApproval,
  notPending,
  type Answer,
} from "../../core/decide-approval.ts";
import { doubtAnswerOf, effectAskedAbout, problemInAnswer } from "../../core/effect-question.ts";
import { refOfKey } from "../../core/decision.ts";
import { DomainError } from "../../core/errors.ts";
import { JsonObjectSchema } from "../../core/field.ts";
import { findPendingApproval } from "../../core/fold-approval.ts";
import { isJsonObject, type JsonObject } from "../../core/json.ts";
import type { NewEvent, StepRef } from "../../core/run-events.ts";
import { occurrenceKey } from "../../core/step.ts";
import { completeEnteredResult } from "./entered-result.ts";
import { hashJson } from "./effect-facts.ts";
import { compileJsonSchema } from "./json-schema-check.ts";
import { stepOf, type RunSession } from "./run-session.ts";
import type { OpenCommand } from "./run-world.ts";

/** Who decides, as a command carries it. */
export const ApproverSchema = z.object({
  actor: z.string(),
  name: z.string(),
  ids: z.array(z.string()),
  roles: z.array(z.string()),
  groups: z.array(z.string()),
});
const ClaimSchema = z.object({ approval_id: z.string(), approver: ApproverSchema });
const Names = z.array(z.string());
const ReassignSchema = ClaimSchema.extend({
  eligible: z.object({ roles: Names, users: Names, groups: Names }),
  comment: z.string().exactOptional(),
});
const DecideSchema = ClaimSchema.extend({
  decision: z.enum(VERDICTS),
  payload_hash: z.string(),
  payload: JsonObjectSchema.exactOptional(),
  comment: z.string().exactOptional(),
  push_back: z.object({ step: z.string(), input: z.string(), run_id: z.string() }).exactOptional(),
});

/** What a `claim` or `release` command carries: the approval, and who wants to decide it with what they may. */
export type ClaimPayload = z.infer<typeof ClaimSchema>;

/** What a `reassign` command carries. */
export type ReassignPayload = z.infer<typeof ReassignSchema>;

/** What a `decide` command carries. */
export type DecidePayload = z.infer<typeof DecideSchema>;

/** The fact that somebody takes a pending approval on. Throws the DomainError with which the command is refused. */
export function claimFact(session: RunSession, command: OpenCommand): NewEvent {
  const { approval_id: id, approver } = ClaimSchema.parse(command.payload);
  const { approval, ref } = pendingOf(session, id);
  assertEligible(approval, approver);
  const { actor, name } = approver;
  return {
    type: "approval.claimed",
    payload: { ...ref, approval_id: id, approver: actor, name },
    actor,
  };
}

/** The fact that nobody is on a pending approval any more. Throws the DomainError with which the command is refused. */
export function releaseFact(session: RunSession, command: OpenCommand): NewEvent {
  const { approval_id: id, approver } = ClaimSchema.parse(command.payload);
  const { approval, ref } = pendingOf(session, id);
  assertMayRelease(approval, approver);
  const { actor, name } = approver;
  const payload = { ...ref, approval_id: id, approver: actor, name };
  return { type: "approval.released", payload, actor };
}

/** The fact that others are asked. Throws the DomainError with which the command is refused. */
export function reassignFact(session: RunSession, command: OpenCommand): NewEvent {
  const { approval_id: id, approver, ...wish } = ReassignSchema.parse(command.payload);
  const { approval, ref } = pendingOf(session, id);
  const { kind } = approval;
  const allowed = isRuntimeQuestion(kind)
    ? session.world.caller.askedTerms(usesAt(session, ref), kind).eligible
    : null;
  const fact = reassignApproval(approval, approver, wish, allowed);
  return { type: "approval.reassigned", payload: { ...ref, ...fact }, actor: approver.actor };
}

/** The facts that a `decide` command makes. Throws the DomainError with which it is refused. */
export function decideFacts(session: RunSession, command: OpenCommand): NewEvent[] {
  return decisionFacts(session, DecideSchema.parse(command.payload));
}

/** The fact that somebody decided, and what it says of an effect. Throws the DomainError with which it is refused. */
export function decisionFacts(
  session: RunSession,
  { approval_id: id, approver, ...answer }: DecidePayload,
): NewEvent[] {
  const { approval, ref } = pendingOf(session, id);
  assertEligible(approval, approver);
  const isAboutEffect = effectAskedAbout(approval) !== null && answer.decision === "approve";
  const told = isAboutEffect ? toldAboutEffect(session, ref, approval, answer) : answer;
  const fact = decideApproval(approval, approver, told, {
    hash: hashJson,
    assertUsable: (payload) => {
      if (approval.kind === "form") assertFitsForm(approval.form_schema, payload);
      else if (!isAboutEffect) assertFitsContract(session, ref, approval, payload);
    },
  });
  const decided: NewEvent = {
    type: "approval.decided",
    payload: { ...ref, ...fact },
    actor: approver.actor,
  };
  const after = { ...approval, status: fact.status, payload: fact.payload ?? approval.payload };
  return [decided, ...resolvedBy(session, ref, after, fact.comment, approver.actor)];
}

function pendingOf(session: RunSession, approvalId: string) {
  const found = findPendingApproval(session.history.state, approvalId);
  if (found === null) throw notPending(approvalId, "not pending");
  return { approval: found.approval, ref: refOfKey(found.key) };
}

/** An answer about an effect, its result completed. Throws `invalid_request` naming the place that is wrong. */
function toldAboutEffect(
  session: RunSession,
  ref: StepRef,
  approval: Approval,
  answer: Answer,
): Answer {
  const payload = answer.payload ?? approval.payload;
  const problem = problemInAnswer(approval, payload);
  if (problem !== null) {
    const { path, problem: what } = problem;
    throw new DomainError("invalid_request", `The answer is not valid: ${path} ${what}.`, {
      hint: "Decide with the approval's own payload, changed in what is asked only.",
      details: { problems: [problem] },
    });
  }
  if (approval.kind === "replay") {
    const { request } = payload;
    if (isJsonObject(request)) assertFitsContract(session, ref, approval, request);
    return answer;
  }
  if (payload["outcome"] !== "happened") return answer;
  const result = completeEnteredResult(session, usesAt(session, ref), payload["result"] ?? null);
  return { ...answer, payload: { ...payload, result } };
}

/** What a decision says of an effect of this very run. */
function resolvedBy(
  { history }: RunSession,
  ref: StepRef,
  approval: Approval,
  comment: string | undefined,
  actor: string,
): NewEvent[] {
  const answer = doubtAnswerOf(approval);
  const effectId = effectAskedAbout(approval);
  if (answer === null || effectId === null || history.findOpenEffect(effectId) === null) return [];
  const result =
    answer.outcome === "happened"
      ? { output: answer.result, response_hash: hashJson(answer.result) }
      : {};
  const payload = {
    ...ref,
    effect_id: effectId,
    by: "person" as const,
    resolution: answer.outcome,
    ...result,
    ...(comment === undefined ? {} : { comment }),
  };
  return [{ type: "side_effect.resolved", payload, actor }];
}

function assertFitsForm(schema: JsonObject | undefined, payload: JsonObject): void {
  if (schema === undefined) return;
  const problems = compileJsonSchema(schema, "payload", "The form's schema")(payload);
  const [first] = problems ?? [];
  if (problems === null || first === undefined) return;
  throw new DomainError(
    "invalid_request",
    `The form is not valid: ${first.path} ${first.problem}.`,
    {
      hint: "Correct the values and decide again.",
      details: { problems },
    },
  );
}

/** An edited input must be one that the capability takes, an edited output one that it gives. */
function assertFitsContract(
  session: RunSession,
  ref: StepRef,
  { gate }: Approval,
  payload: JsonObject,
): void {
  const { caller } = session.world;
  const { options } = session.history.state;
  const uses = usesAt(session, ref);
  if (gate?.phase === "post_gate") caller.completeResult(uses, payload, options);
  else caller.prepare(uses, payload, options);
}

function usesAt(session: RunSession, ref: StepRef): string {
  const key = occurrenceKey(ref.step_id, ref.occurrence);
  return session.history.state.steps.get(key)?.uses ?? stepOf(session, ref)?.uses ?? "";
}
