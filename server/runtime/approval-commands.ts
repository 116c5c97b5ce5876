import { z } from "zod";
import { VERDICTS, type Approval } from "../../core/approval.ts";
import { assertMayRelease, reassignApproval } from "../../core/assign-approval.ts";
import { assertEligible, decideApproval, notPending } from "../../core/decide-approval.ts";
import { refOfKey } from "../../core/decision.ts";
import { DomainError } from "../../core/errors.ts";
import { JsonObjectSchema } from "../../core/field.ts";
import { findPendingApproval } from "../../core/fold-approval.ts";
import type { JsonObject } from "../../core/json.ts";
import type { NewEvent, StepRef } from "../../core/run-events.ts";
import { occurrenceKey } from "../../core/step.ts";
import { hashJson } from "./effect-facts.ts";
import { compileJsonSchema } from "./json-schema-check.ts";
import { stepOf, type RunSession } from "./run-session.ts";
import type { OpenCommand } from "./run-world.ts";

const ApproverSchema = z.object({
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
  const fact = reassignApproval(approval, approver, wish);
  return { type: "approval.reassigned", payload: { ...ref, ...fact }, actor: approver.actor };
}

/** The fact that somebody decided. Throws the DomainError with which the command is refused. */
export function decisionFact(session: RunSession, command: OpenCommand): NewEvent {
  const { approval_id: id, approver, ...answer } = DecideSchema.parse(command.payload);
  const { approval, ref } = pendingOf(session, id);
  const fact = decideApproval(approval, approver, answer, {
    hash: hashJson,
    assertUsable: (payload) =>
      approval.kind === "form"
        ? assertFitsForm(approval.form_schema, payload)
        : assertFitsContract(session, ref, approval, payload),
  });
  return { type: "approval.decided", payload: { ...ref, ...fact }, actor: approver.actor };
}

function pendingOf(session: RunSession, approvalId: string) {
  const found = findPendingApproval(session.history.state, approvalId);
  if (found === null) throw notPending(approvalId, "not pending");
  return { approval: found.approval, ref: refOfKey(found.key) };
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
  const { state } = session.history;
  const key = occurrenceKey(ref.step_id, ref.occurrence);
  const uses = state.steps.get(key)?.uses ?? stepOf(session, ref)?.uses;
  if (uses === undefined) return;
  const { caller } = session.world;
  if (gate?.phase === "post_gate") caller.assertOutput(uses, payload, state.options);
  else caller.prepare(uses, payload, state.options);
}
