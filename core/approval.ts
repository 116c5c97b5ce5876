import type { EXPIRY_OUTCOMES } from "./capability.ts";
import type { JsonChange } from "./json-changes.ts";
import type { Json, JsonObject } from "./json.ts";
import type { Approver } from "./approver.ts";

export const APPROVAL_KINDS = [
  "confirmation",
  "gate",
  "replay",
  "in_doubt",
  "promotion",
  "form",
] as const;
export type ApprovalKind = (typeof APPROVAL_KINDS)[number];

export const APPROVAL_RISKS = ["low", "medium", "high", "critical"] as const;
export type ApprovalRisk = (typeof APPROVAL_RISKS)[number];

export type ExpiryOutcome = (typeof EXPIRY_OUTCOMES)[number];

export const APPROVAL_STATUSES = [
  "pending",
  "approved",
  "denied",
  "pushed_back",
  "expired",
  "canceled",
] as const;
export type ApprovalStatus = (typeof APPROVAL_STATUSES)[number];

export const VERDICTS = ["approve", "deny", "push_back"] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Who may decide: anyone with one of the roles, or one of the people (id or e-mail address), or of one of the groups. */
export type Eligible = {
  roles: string[];
  users: string[];
  groups: string[];
  /** Where they are given, each of those has to hold one of these roles as well. */
  required_roles?: string[];
};

/** The gates that leave a call (`pre_gate`) or its result (`post_gate`) to people. */
export type GateQuestion = { phase: "pre_gate" | "post_gate"; capabilities: string[] };

/** What is asked, of whom and until when; what `approval.requested` says besides its place. */
export type ApprovalTerms = {
  kind: ApprovalKind;
  payload: JsonObject;
  /** Over the payload as it stands; whoever decides names it, so that nobody approves what they have not seen. */
  payload_hash: string;
  risk: ApprovalRisk;
  reason: string;
  form_schema?: JsonObject;
  eligible: Eligible;
  /** How many different people have to approve the same payload. */
  quorum: number;
  forbid_self_approval: boolean;
  /** Who started the run, or the run that it is nested in. */
  requested_by?: string;
  expires_at?: string;
  on_expiry: ExpiryOutcome;
  /** Of kind `gate`: which gates did not let it pass, before the call or after it. */
  gate?: GateQuestion;
  /** How the payload differs from the one that was approved before at this place. */
  changes?: JsonChange[];
};

/** Where a push back leads: `run_id` is a replay that begins anew at `step`, with the comment as its input `input`. */
export type PushBack = { step: string; input: string; run_id: string };

/** Of a replay that a push back made: the approval, and who started the run that it takes the place of. */
export type PushedBackFrom = { approval_id: string; on_behalf_of?: string };

/** Who decides from now on, by whose wish and why. */
export type ReassignmentFact = {
  approval_id: string;
  approver: string;
  name: string;
  eligible: Eligible;
  comment?: string;
};

/** One answer. `payload_hash` is that of the payload as the decision left it; `changes` what it edited. */
export type ApprovalDecision = {
  approver: string;
  name: string;
  decision: Verdict;
  payload_hash: string;
  comment?: string;
  changes?: JsonChange[];
  push_back?: PushBack;
  at: string;
};

/** A question to people about one exact payload, with all answers so far (`contract.md` §8). */
export type Approval = ApprovalTerms & {
  approval_id: string;
  status: ApprovalStatus;
  claimed_by?: { approver: string; name: string };
  decisions: ApprovalDecision[];
};

/** What `approval.decided` says besides its place: one answer and what the approval is after it. */
export type DecisionFact = Omit<ApprovalDecision, "at"> & {
  approval_id: string;
  status: "pending" | "approved" | "denied" | "pushed_back";
  /** The payload as edited. */
  payload?: JsonObject;
};

/** Takes a decision into an approval, in place: answers are added, never changed. */
export function foldDecision(approval: Approval, fact: DecisionFact, at: number): void {
  const { approval_id: _own, status, payload, ...decision } = fact;
  approval.status = status;
  if (payload !== undefined) approval.payload = payload;
  approval.payload_hash = decision.payload_hash;
  approval.decisions.push({ ...decision, at: new Date(at).toISOString() });
}

/** The different people who have approved the payload as it stands. */
export function approversOf(approval: Pick<Approval, "decisions" | "payload_hash">): string[] {
  const approvals = approval.decisions.filter(
    ({ decision, payload_hash: hash }) => decision === "approve" && hash === approval.payload_hash,
  );
  return [...new Set(approvals.map(({ approver }) => approver))];
}

/** True where this very payload was approved: nothing else may be sent. */
export function isApproved(approval: Approval | undefined, payloadHash: string): boolean {
  return approval?.status === "approved" && approval.payload_hash === payloadHash;
}

/** The answer that a person gave to a payload, if any; given again, it is the same answer. */
export function findDecision(
  approval: Pick<Approval, "decisions">,
  approver: Pick<Approver, "actor">,
  verdict: Verdict,
): ApprovalDecision | undefined {
  return approval.decisions.findLast(
    (made) => made.approver === approver.actor && made.decision === verdict,
  );
}

/** What a form's step gives on: the payload as decided, and who decided. */
export function approvalOutput(approval: Approval): JsonObject {
  const last = approval.decisions.at(-1);
  const approvers: Json[] = approversOf(approval);
  return {
    decision: approval.status,
    payload: approval.payload,
    approvers,
    decided_by: last?.approver ?? null,
    comment: last?.comment ?? null,
    is_edited: approval.decisions.some(({ changes = [] }) => changes.length > 0),
  };
}
