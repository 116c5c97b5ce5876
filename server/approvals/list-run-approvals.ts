import type { ApprovalSummary } from "../../core/approval-view.ts";
import type { CallContext } from "../api/call-context.ts";
import { getRunSummary } from "../runs/get-run-summary.ts";
import { listApprovals } from "./list-approvals.ts";

/** A page of what people were asked in one run, newest first; `run_not_found` where the tenant has no such run. */
export async function listRunApprovals(
  ctx: CallContext,
  input: { run_id: string; cursor?: string | undefined; limit: number },
): Promise<{ items: ApprovalSummary[]; next_cursor: string | null }> {
  await getRunSummary(ctx, input.run_id);
  return listApprovals(ctx, input);
}
