import { isUndo } from "../../core/compensation.ts";
import type { ApprovalDetail } from "../../core/approval-view.ts";

type Question = Pick<
  ApprovalDetail,
  | "kind"
  | "capability_id"
  | "step_path"
  | "occurrence"
  | "quorum"
  | "approved_by_count"
  | "on_expiry"
  | "gate"
>;

/** What happens when the viewer approves, as a sentence. */
export function whenApproved(approval: Question): string {
  const missing = approval.quorum - approval.approved_by_count - 1;
  if (missing > 0) {
    return `If you approve, yours is one of ${approval.quorum} approvals; ${missing === 1 ? "one more is" : `${missing} more are`} needed after it.`;
  }
  if (approval.gate?.phase === "post_gate")
    return `If you approve, ${approval.step_path} completes with exactly this result of its call, and the run goes on.`;
  const capability = approval.capability_id ?? "the capability";
  if (isUndo(approval) && approval.kind === "confirmation")
    return `If you approve, ${capability} is called with exactly this payload to undo what ${approval.step_path} did.`;
  if (approval.kind === "replay") {
    return `If you approve, ${capability} is called again with this request, as a new effect; if you choose to use the recorded result, nothing is sent.`;
  }
  return approval.kind === "confirmation" || approval.kind === "gate"
    ? `If you approve, ${capability} is called once with exactly this payload, then the run goes on.`
    : `If you approve, ${approval.step_path} completes with these values, and the run goes on.`;
}

/** What the differences that are shown are between. */
export function changedSince({ kind }: Pick<ApprovalDetail, "kind">): string {
  return kind === "replay"
    ? "How the request differs from the recorded one"
    : "Changed since it was approved";
}

/** What happens when the viewer denies. */
export function whenDenied(approval: Question): string {
  return isUndo(approval)
    ? `If you deny, what ${approval.step_path} did stays as it is, and the run goes on to its end.`
    : "If you deny, the run is canceled; what its completed steps have done stays as it is, unless its skill undoes it.";
}

/** What denying does, as the button says it. */
export function denyVerb(approval: Pick<Question, "occurrence">): string {
  return isUndo(approval) ? "Deny and leave it" : "Deny and cancel the run";
}

/** What happens when nobody decides in time. */
export function whenExpired({ on_expiry: outcome, kind }: Question): string {
  if (outcome === "fail") return "the step fails";
  if (outcome === "continue" && kind !== "form") return "the run goes on without the call's result";
  return outcome === "continue" ? "the run goes on without a decision" : "the run is canceled";
}
