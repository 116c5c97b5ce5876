import type { ApprovalSummary } from "../../core/approval-view.ts";
import { notPending } from "../../core/decide-approval.ts";
import { DomainError } from "../../core/errors.ts";
import type { CallContext } from "../api/call-context.ts";
import { approverOf } from "./approver-of.ts";
import { toApprovalSummary } from "./approval-summary.ts";
import { getApprovalRow } from "./get-approval.ts";

/** Takes a claim back: the caller's own, or as an administrator anybody's. One that is released already stays so. */
export async function releaseApproval(
  ctx: CallContext,
  approvalId: string,
): Promise<{ approval: ApprovalSummary }> {
  const row = await getApprovalRow(ctx, approvalId);
  if (row.status !== "pending") throw notPending(approvalId, row.status);
  if (row.claimed_by === null) return { approval: toApprovalSummary(ctx, row) };
  try {
    await ctx.dependencies.runtime.command({
      tenantId: ctx.tenantId,
      runId: row.run_id,
      actor: ctx.actor,
      kind: "release",
      payload: { approval_id: approvalId, approver: approverOf(ctx) },
    });
  } catch (error) {
    // Nobody was on it any more by then.
    const isLate = error instanceof DomainError && error.code === "invalid_request";
    if (!isLate) throw error;
  }
  return { approval: toApprovalSummary(ctx, await getApprovalRow(ctx, approvalId)) };
}
