import { approversOf } from "../../core/approval.ts";
import type { ApprovalSummary } from "../../core/approval-view.ts";
import { whyNotEligible } from "../../core/approver.ts";
import { approvalIdOf } from "../../core/ids.ts";
import { SecretMask } from "../../core/masked-secrets.ts";
import type { CallContext } from "../api/call-context.ts";
import type { ApprovalRecord } from "../database/approval-repository.ts";
import { approverOf } from "./approver-of.ts";

/** A row as it leaves the process, secrets masked, with whether this caller may decide it. */
export function toApprovalSummary(
  ctx: CallContext,
  row: ApprovalRecord,
  mask: SecretMask = new SecretMask(ctx.dependencies.instanceSecrets([])),
): ApprovalSummary {
  const { sequence, payload_sequence: _inside, occurrence, ...rest } = row;
  return {
    ...rest,
    reason: mask.text(row.reason),
    gist: mask.text(row.gist),
    decisions: row.decisions.map((decision) => mask.decision(decision)),
    approval_id: approvalIdOf(row.run_id, sequence),
    occurrence: occurrence === "" ? null : occurrence,
    approved_by_count: approversOf(row).length,
    expires_at: row.expires_at?.toISOString() ?? null,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    blocked_because: blockedBecause(ctx, row),
  };
}

function blockedBecause(ctx: CallContext, row: ApprovalRecord): string | null {
  if (row.status !== "pending") return `It is ${row.status}.`;
  if (!ctx.caller.permissions.has("approval:decide")) {
    return `${ctx.caller.role === null ? "This key" : `The role ${ctx.caller.role}`} does not include approval:decide.`;
  }
  const { requested_by: requestedBy, ...rest } = row;
  const question = { ...rest, ...(requestedBy === null ? {} : { requested_by: requestedBy }) };
  return whyNotEligible(question, approverOf(ctx));
}
