import { approvalIdOf } from "../../core/ids.ts";
import type { ApprovalRecord } from "../database/approval-repository.ts";
import type { NoticeRow } from "../database/notice-repository.ts";

/**
 * What receivers get: `{type, timestamp, data}` as Standard Webhooks has it. The payload that is asked about is not in
 * it: whoever may see it looks it up by `approval_id`.
 */
export function noticeBody(notice: NoticeRow, approval: ApprovalRecord, publicUrl: string | null) {
  const approvalId = approvalIdOf(approval.run_id, approval.sequence);
  return {
    type: notice.type,
    timestamp: notice.occurred_at.toISOString(),
    data: {
      approval_id: approvalId,
      tenant_id: notice.tenant_id,
      run_id: approval.run_id,
      skill_id: approval.skill_id,
      environment: approval.environment,
      step_path: approval.step_path,
      occurrence: approval.occurrence === "" ? null : approval.occurrence,
      kind: approval.kind,
      capability_id: approval.capability_id,
      risk: approval.risk,
      reason: approval.reason,
      payload_hash: approval.payload_hash,
      eligible: approval.eligible,
      quorum: approval.quorum,
      requested_by: approval.requested_by,
      expires_at: approval.expires_at?.toISOString() ?? null,
      on_expiry: approval.on_expiry,
      url:
        publicUrl === null
          ? null
          : new URL(`/approvals?tab=pending&id=${approvalId}`, publicUrl).href,
    },
  };
}
