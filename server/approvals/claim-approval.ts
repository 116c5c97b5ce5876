import type { ApprovalSummary } from "../../core/approval-view.ts";
import { notPending } from "../../core/decide-approval.ts";
import { approvalIdOf } from "../../core/ids.ts";
import type { CallContext } from "../api/call-context.ts";
import { approverOf } from "./approver-of.ts";
import { toApprovalSummary } from "./approval-summary.ts";
import { getApprovalRow } from "./get-approval.ts";

/** Says to the others that the caller looks at it; whoever is eligible may still decide. */
export async function claimApproval(
  ctx: CallContext,
  approvalId: string,
): Promise<{ approval: ApprovalSummary }> {
  const row = await getApprovalRow(ctx, approvalId);
  if (row.status !== "pending")
    throw notPending(approvalIdOf(row.run_id, row.sequence), row.status);
  if (row.claimed_by?.approver !== ctx.actor) {
    await ctx.dependencies.runtime.command({
      tenantId: ctx.tenantId,
      runId: row.run_id,
      actor: ctx.actor,
      kind: "claim",
      payload: { approval_id: approvalId, approver: approverOf(ctx) },
    });
  }
  return { approval: toApprovalSummary(ctx, await getApprovalRow(ctx, approvalId)) };
}
