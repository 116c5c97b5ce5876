import type { ApprovalSummary } from "../../core/approval-view.ts";
import type { Answer } from "../../core/decide-approval.ts";
import { DomainError } from "../../core/errors.ts";
import { approvalIdOf } from "../../core/ids.ts";
import type { CallContext } from "../api/call-context.ts";
import { listApprovalRows } from "../database/approval-repository.ts";
import { getRunSummary } from "../runs/get-run-summary.ts";
import { answerApproval } from "./answer-approval.ts";
import { approvalNotFound, getApprovalRow } from "./get-approval.ts";

/**
 * Decides the one approval that a run waits for, or the one of several that is named. Throws `approval_not_pending` where
 * there is none, `invalid_request` listing them where there are several and none is named, `not_found` for another run's.
 */
export async function answerRunApproval(
  ctx: CallContext,
  runId: string,
  {
    approval_id: named,
    ...answer
  }: Omit<Answer, "payload_hash"> & { payload_hash?: string; approval_id?: string },
): Promise<{ approval: ApprovalSummary }> {
  await getRunSummary(ctx, runId);
  if (named !== undefined) {
    const { run_id: of, payload_hash } = await getApprovalRow(ctx, named);
    if (of !== runId) throw approvalNotFound(named);
    return answerApproval(ctx, named, { payload_hash, ...answer });
  }
  const rows = await listApprovalRows(ctx.dependencies.database, ctx.tenantId, {
    statuses: ["pending"],
    runId,
    eligible: null,
    before: null,
    limit: 100,
  });
  const [row, ...others] = rows;
  if (row === undefined) {
    throw new DomainError("approval_not_pending", `Run ${runId} waits for no approval.`, {
      hint: "List what it asked with GET /api/v1/runs/{run_id}/approvals.",
      details: { run_id: runId },
    });
  }
  if (others.length === 0) {
    const { payload_hash, sequence } = row;
    return answerApproval(ctx, approvalIdOf(runId, sequence), { payload_hash, ...answer });
  }
  throw new DomainError("invalid_request", `Run ${runId} waits for ${rows.length} approvals.`, {
    hint: "Name one as approval_id.",
    details: {
      run_id: runId,
      approvals: rows.map(({ sequence, step_path, occurrence }) => ({
        approval_id: approvalIdOf(runId, sequence),
        step_path,
        occurrence: occurrence === "" ? null : occurrence,
      })),
    },
  });
}
