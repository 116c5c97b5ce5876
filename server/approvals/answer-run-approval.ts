import type { ApprovalSummary } from "../../core/approval-view.ts";
import type { Answer } from "../../core/decide-approval.ts";
import { DomainError } from "../../core/errors.ts";
import { approvalIdOf } from "../../core/ids.ts";
import type { CallContext } from "../api/call-context.ts";
import { listApprovalRows } from "../database/approval-repository.ts";
import { getRunSummary } from "../runs/get-run-summary.ts";
import { answerApproval } from "./answer-approval.ts";

/** Decides the one approval that a run waits for; `approval_not_pending` where there is none, or more than one. */
export async function answerRunApproval(
  ctx: CallContext,
  runId: string,
  answer: Omit<Answer, "payload_hash"> & { payload_hash?: string },
): Promise<{ approval: ApprovalSummary }> {
  await getRunSummary(ctx, runId);
  const rows = await listApprovalRows(ctx.dependencies.database, ctx.tenantId, {
    statuses: ["pending"],
    runId,
    eligible: null,
    before: null,
    limit: 100,
  });
  const ids = rows.map(({ sequence }) => approvalIdOf(runId, sequence));
  const [row] = rows;
  const [approvalId] = ids;
  if (row !== undefined && approvalId !== undefined && rows.length === 1) {
    return answerApproval(ctx, approvalId, { payload_hash: row.payload_hash, ...answer });
  }
  throw new DomainError(
    "approval_not_pending",
    rows.length === 0
      ? `Run ${runId} waits for no approval.`
      : `Run ${runId} waits for ${rows.length} approvals.`,
    {
      hint:
        rows.length === 0
          ? "List what it asked with GET /api/v1/runs/{run_id}/approvals."
          : "Decide each by its id with POST /api/v1/approvals/{approval_id}/decide.",
      details: { run_id: runId, approval_ids: ids },
    },
  );
}
