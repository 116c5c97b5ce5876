import { z } from "zod";
import type { ApprovalSummary } from "../../core/approval-view.ts";
import { approvalPlaceOf } from "../../core/ids.ts";
import { SecretMask } from "../../core/masked-secrets.ts";
import type { ApprovalsFilterSchema } from "../api/approval-schemas.ts";
import type { CallContext } from "../api/call-context.ts";
import { decodeCursor, encodeCursor } from "../api/list-cursor.ts";
import { listApprovalRows } from "../database/approval-repository.ts";
import { approverOf } from "./approver-of.ts";
import { toApprovalSummary } from "./approval-summary.ts";

const CursorSchema = z.tuple([z.iso.datetime(), z.string(), z.int()]);

/** A page of the tenant's approvals, newest first; with `eligible`, only those that the caller may decide. */
export async function listApprovals(
  ctx: CallContext,
  filter: z.output<typeof ApprovalsFilterSchema>,
): Promise<{ items: ApprovalSummary[]; next_cursor: string | null }> {
  const before = filter.cursor === undefined ? null : decodeCursor(filter.cursor, CursorSchema);
  const rows = await listApprovalRows(ctx.dependencies.database, ctx.tenantId, {
    statuses: filter.status === undefined || filter.status.length === 0 ? null : filter.status,
    runId: filter.run_id ?? null,
    eligible: filter.eligible === true ? approverOf(ctx) : null,
    before:
      before === null
        ? null
        : { createdAt: new Date(before[0]), runId: before[1], sequence: before[2] },
    limit: filter.limit + 1,
  });
  const mask = new SecretMask(ctx.dependencies.instanceSecrets([]));
  const items = rows.slice(0, filter.limit).map((row) => toApprovalSummary(ctx, row, mask));
  const last = items.at(-1);
  const isMore = rows.length > filter.limit && last !== undefined;
  const sequence = last === undefined ? 0 : (approvalPlaceOf(last.approval_id)?.sequence ?? 0);
  return {
    items,
    next_cursor: isMore ? encodeCursor([last.created_at, last.run_id, sequence]) : null,
  };
}
