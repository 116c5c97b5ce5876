import { z } from "zod";
import {
  APPROVAL_KINDS,
  APPROVAL_RISKS,
  APPROVAL_STATUSES,
  type ApprovalDecision,
  type ApprovalStatus,
} from "../../core/approval.ts";
import { EXPIRY_OUTCOMES } from "../../core/capability.ts";
import type { Approver } from "../../core/approver.ts";
import { isJsonObject } from "../../core/json.ts";
import type { Database } from "./client.ts";

const Names = z.array(z.string());
const RowSchema = z.object({
  run_id: z.string(),
  sequence: z.int(),
  payload_sequence: z.int(),
  environment: z.string(),
  skill_id: z.string(),
  step_path: z.string(),
  step_id: z.string(),
  occurrence: z.string(),
  capability_id: z.string().nullable(),
  gist: z.string(),
  kind: z.enum(APPROVAL_KINDS),
  status: z.enum(APPROVAL_STATUSES),
  risk: z.enum(APPROVAL_RISKS),
  reason: z.string(),
  payload_hash: z.string(),
  eligible: z.object({
    roles: Names,
    users: Names,
    groups: Names,
    required_roles: Names.exactOptional(),
  }),
  quorum: z.int(),
  forbid_self_approval: z.boolean(),
  requested_by: z.string().nullable(),
  expires_at: z.date().nullable(),
  on_expiry: z.enum(EXPIRY_OUTCOMES),
  claimed_by: z.object({ approver: z.string(), name: z.string() }).nullable(),
  // Written by our own journal alone, so that they are looked at from outside only.
  decisions: z.array(z.custom<ApprovalDecision>(isJsonObject)),
  created_at: z.date(),
  updated_at: z.date(),
});
/** A row of `approvals`. */
export type ApprovalRecord = z.infer<typeof RowSchema>;

const COLUMNS = Object.keys(RowSchema.shape).join(", ");

export type ApprovalsFilter = {
  statuses: readonly ApprovalStatus[] | null;
  runId: string | null;
  /** Only those that this person may decide. */
  eligible: Approver | null;
  /** The last approval of the page before. */
  before: { createdAt: Date; runId: string; sequence: number } | null;
  limit: number;
};

/** A tenant's approvals, newest first. Indexes: approvals_pending, approvals_newest; of one run the primary key. */
export async function listApprovalRows(
  { pool }: Pick<Database, "pool">,
  tenantId: string,
  filter: ApprovalsFilter,
): Promise<ApprovalRecord[]> {
  const values: unknown[] = [tenantId];
  const put = (value: unknown) => `$${values.push(value)}`;
  const conditions = ["tenant_id = $1", ...conditionsOf(filter, put)];
  const { rows } = await pool.query(
    `SELECT ${COLUMNS} FROM approvals WHERE ${conditions.join(" AND ")}
     ORDER BY created_at DESC, run_id DESC, sequence DESC LIMIT ${put(filter.limit)}`,
    values,
  );
  return z.array(RowSchema).parse(rows);
}

function conditionsOf(filter: ApprovalsFilter, put: (value: unknown) => string): string[] {
  const conditions: string[] = [];
  const { statuses, runId, eligible, before } = filter;
  const [only] = statuses ?? [];
  // The planner takes a partial index only where the query repeats the index's own condition.
  if (statuses?.length === 1 && only === "pending") conditions.push("status = 'pending'");
  else if (statuses !== null) conditions.push(`status = ANY(${put([...statuses])})`);
  if (runId !== null) conditions.push(`run_id = ${put(runId)}`);
  if (eligible !== null) conditions.push(...eligibleConditions(eligible, put));
  if (before !== null) {
    const place = [before.createdAt, before.runId, before.sequence].map((value) => put(value));
    conditions.push(`(created_at, run_id, sequence) < (${place.join(", ")})`);
  }
  return conditions;
}

/** The same rule as `whyNotEligible` in core/approver.ts. */
function eligibleConditions(approver: Approver, put: (value: unknown) => string): string[] {
  const isAdmin = approver.roles.includes("admin");
  return [
    `NOT (forbid_self_approval AND requested_by IS NOT DISTINCT FROM ${put(approver.actor)})`,
    `(eligible -> 'roles' ?| ${put(approver.roles)} OR eligible -> 'users' ?| ${put(approver.ids)}
      OR eligible -> 'groups' ?| ${put(approver.groups)}
      ${isAdmin ? "OR jsonb_array_length(eligible -> 'roles') > 0" : ""})`,
    ...(isAdmin
      ? []
      : [
          `(NOT eligible ? 'required_roles' OR eligible -> 'required_roles' ?| ${put(approver.roles)})`,
        ]),
  ];
}

/** The approval that the event at a place asked for, or null where the tenant has none there. Index: the primary key. */
export async function findApprovalRow(
  { pool }: Pick<Database, "pool">,
  tenantId: string,
  place: { runId: string; sequence: number },
): Promise<ApprovalRecord | null> {
  const { rows } = await pool.query(
    `SELECT ${COLUMNS} FROM approvals WHERE tenant_id = $1 AND run_id = $2 AND sequence = $3`,
    [tenantId, place.runId, place.sequence],
  );
  return rows[0] === undefined ? null : RowSchema.parse(rows[0]);
}
