import type { ApprovalSummary } from "../../core/approval-view.ts";

type Question = Pick<
  ApprovalSummary,
  "kind" | "capability_id" | "step_path" | "quorum" | "approved_by_count" | "on_expiry"
>;

/** What happens when the viewer approves, as a sentence. */
export function whenApproved(approval: Question): string {
  const missing = approval.quorum - approval.approved_by_count - 1;
  if (missing > 0) {
    return `If you approve, yours is one of ${approval.quorum} approvals; ${missing === 1 ? "one more is" : `${missing} more are`} needed after it.`;
  }
  const capability = approval.capability_id ?? "the capability";
  if (approval.kind === "replay") {
    return `If you approve with choice execute, ${capability} is called again with this request, as a new effect; with use_recorded_result nothing is sent and the recorded result is taken.`;
  }
  return approval.kind === "confirmation"
    ? `If you approve, ${capability} is called once with exactly this payload, then the run goes on.`
    : `If you approve, ${approval.step_path} completes with these values, and the run goes on.`;
}

/** What the differences that are shown are between. */
export function changedSince({ kind }: Pick<ApprovalSummary, "kind">): string {
  return kind === "replay"
    ? "How the request differs from the recorded one"
    : "Changed since it was approved";
}

/** What happens when the viewer denies. */
export const WHEN_DENIED =
  "If you deny, the run is canceled; what its completed steps have done stays as it is.";

/** What happens when nobody decides in time. */
export function whenExpired({ on_expiry: outcome }: Question): string {
  if (outcome === "fail") return "the step fails";
  return outcome === "continue" ? "the run goes on without a decision" : "the run is canceled";
}
