import type {
  Approval,
  ApprovalDecision,
  ApprovalKind,
  ApprovalRisk,
  ApprovalStatus,
  Eligible,
  ExpiryOutcome,
  GateQuestion,
} from "./approval.ts";
import type { JsonChange } from "./json-changes.ts";
import type { JsonObject } from "./json.ts";

/** An approval as lists show it to one caller. Times are RFC 3339 UTC. */
export type ApprovalSummary = {
  approval_id: string;
  run_id: string;
  skill_id: string;
  environment: string;
  step_id: string;
  occurrence: string | null;
  step_path: string;
  /** Of a confirmation and of a gate: what is called. */
  capability_id: string | null;
  /** What tells the payload apart, in one line; may be empty. */
  gist: string;
  kind: ApprovalKind;
  status: ApprovalStatus;
  risk: ApprovalRisk;
  reason: string;
  payload_hash: string;
  eligible: Eligible;
  quorum: number;
  /** How many different people have approved the payload as it stands. */
  approved_by_count: number;
  forbid_self_approval: boolean;
  requested_by: string | null;
  expires_at: string | null;
  on_expiry: ExpiryOutcome;
  claimed_by: NonNullable<Approval["claimed_by"]> | null;
  decisions: ApprovalDecision[];
  created_at: string;
  updated_at: string;
  /** Why this caller cannot decide it, as a sentence; null where it can. */
  blocked_because: string | null;
};

/** An approval with what is asked. */
export type ApprovalDetail = ApprovalSummary & {
  /** With secrets masked; the hash is of the exact one. */
  payload: JsonObject;
  /** How many values the mask stands for. */
  redacted_values: number;
  form_schema: JsonObject | null;
  /** Of kind `gate`: which gates did not let it pass, before the call or after it. */
  gate: GateQuestion | null;
  /** How the payload differs from the one that was approved before at this place. */
  changes: JsonChange[];
};
