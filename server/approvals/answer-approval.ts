import { findDecision } from "../../core/approval.ts";
import type { ApprovalSummary } from "../../core/approval-view.ts";
import { notPending, payloadChanged, type Answer } from "../../core/decide-approval.ts";
import { DomainError } from "../../core/errors.ts";
import type { CallContext } from "../api/call-context.ts";
import type { ApprovalRecord } from "../database/approval-repository.ts";
import { hashJson } from "../runtime/effect-facts.ts";
import { approverOf } from "./approver-of.ts";
import { toApprovalSummary } from "./approval-summary.ts";
import { getApprovalRow, withOwnSecrets } from "./get-approval.ts";

/**
 * Decides an approval once the run's owner has it in its history. The same answer of the same person again is answered
 * as the first time. Throws `approval_not_pending`, `payload_changed`, `forbidden`, `invalid_request`, `not_found`.
 */
export async function answerApproval(
  ctx: CallContext,
  approvalId: string,
  told: Answer,
): Promise<{ approval: ApprovalSummary }> {
  const row = await getApprovalRow(ctx, approvalId);
  const answer = await withExactPayload(ctx, row, told);
  if (answer === null) {
    if (row.status !== "pending") throw notPending(approvalId, row.status);
    throw payloadChanged({ approval_id: approvalId, payload_hash: row.payload_hash });
  }
  if (row.status !== "pending") {
    if (!isAnswered(ctx, row, answer)) throw notPending(approvalId, row.status);
    return { approval: toApprovalSummary(ctx, row) };
  }
  try {
    await ctx.dependencies.runtime.command({
      tenantId: ctx.tenantId,
      runId: row.run_id,
      actor: ctx.actor,
      kind: "decide",
      payload: { approval_id: approvalId, approver: approverOf(ctx), ...answer },
    });
  } catch (error) {
    const isLate = error instanceof DomainError && error.code === "approval_not_pending";
    if (!isLate || !isAnswered(ctx, await getApprovalRow(ctx, approvalId), answer)) throw error;
  }
  return { approval: toApprovalSummary(ctx, await getApprovalRow(ctx, approvalId)) };
}

/** Null for an edit of a payload that does not stand any more. */
async function withExactPayload(
  ctx: CallContext,
  row: ApprovalRecord,
  told: Answer,
): Promise<Answer | null> {
  if (told.payload === undefined) return told;
  const payload = await withOwnSecrets(ctx, row, told.payload, told.payload_hash);
  return payload === null ? null : { ...told, payload };
}

/**
 * An answer is the same where it decides in the same way about the same payload, or makes the same of it. What an answer
 * about an effect in doubt leaves out of the result is completed, so that its payload is not compared.
 */
export function isAnswered(ctx: CallContext, row: ApprovalRecord, answer: Answer): boolean {
  const made = findDecision(row, ctx, answer.decision);
  if (made === undefined) return false;
  const { payload, payload_hash: seen } = answer;
  if (payload !== undefined && row.kind === "in_doubt") return true;
  return made.payload_hash === (payload === undefined ? seen : hashJson(payload));
}
