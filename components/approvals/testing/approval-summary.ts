import type { ApprovalSummary } from "../../../core/approval-view.ts";

/** A pending approval of a form, with what a test changes. */
export function approvalSummary(changes: Partial<ApprovalSummary> = {}): ApprovalSummary {
  return {
    approval_id: "apr_1_5",
    run_id: "run_1",
    skill_id: "letter.pay",
    environment: "dev",
    step_id: "pay",
    occurrence: null,
    step_path: "pay",
    capability_id: null,
    gist: "",
    kind: "form",
    status: "pending",
    risk: "medium",
    reason: "Pay it?",
    payload_hash: "sha256:jcs1:abc",
    eligible: { roles: ["approver"], users: [], groups: [] },
    quorum: 1,
    approved_by_count: 0,
    forbid_self_approval: false,
    requested_by: "user:usr_1",
    expires_at: null,
    on_expiry: "deny",
    claimed_by: null,
    decisions: [],
    created_at: "2026-02-01T00:00:00.000Z",
    updated_at: "2026-02-01T00:00:00.000Z",
    blocked_because: null,
    ...changes,
  };
}
