import { z } from "zod";
import {
  APPROVAL_KINDS,
  APPROVAL_RISKS,
  APPROVAL_STATUSES,
  VERDICTS,
  type ApprovalDecision,
} from "../../core/approval.ts";
import { EXPIRY_OUTCOMES } from "../../core/capability.ts";
import type { ApprovalDetail, ApprovalSummary } from "../../core/approval-view.ts";
import type { JsonChange } from "../../core/json-changes.ts";
import { AnyJson, AnyJsonObject, CommentSchema, TimeOut } from "./json-schemas.ts";
import { PageSchema } from "./list-schemas.ts";
import { RunIdSchema } from "./run-schemas.ts";

export const OneApprovalSchema = z.object({
  approval_id: z.string().min(1).max(200).describe("The approval's id"),
});

export const ApprovalsFilterSchema = PageSchema.extend({
  status: z.array(z.enum(APPROVAL_STATUSES)).max(APPROVAL_STATUSES.length).optional(),
  run_id: RunIdSchema.optional(),
  eligible: z.boolean().optional().describe("true: only those that you may decide"),
});

const PayloadSchema = AnyJsonObject.exactOptional().describe(
  "An edited payload; absent: as it is. A mask left where it stood keeps the secret",
);
const HashSchema = z.string().min(1).max(200).describe("Of the payload that you have seen");

export const DecideSchema = z.strictObject({
  ...OneApprovalSchema.shape,
  decision: z.enum(VERDICTS),
  payload_hash: HashSchema,
  payload: PayloadSchema,
  comment: CommentSchema.exactOptional().describe("Needed to deny and to push back"),
  step: z
    .string()
    .min(1)
    .max(200)
    .exactOptional()
    .describe("push_back: the earlier step to begin at"),
  input: z
    .string()
    .min(1)
    .max(200)
    .exactOptional()
    .describe("push_back: the run's input that takes the comment"),
  plan_hash: z
    .string()
    .max(200)
    .exactOptional()
    .describe("push_back: of the replay's plan that was looked at"),
});

const NamesIn = z.array(z.string().trim().min(1).max(200)).max(100).default([]);

export const ReassignSchema = z.strictObject({
  ...OneApprovalSchema.shape,
  roles: NamesIn,
  users: NamesIn.describe("Ids or e-mail addresses"),
  groups: NamesIn,
  comment: CommentSchema.exactOptional(),
});

const OneOfRunSchema = z.strictObject({
  run_id: RunIdSchema,
  approval_id: OneApprovalSchema.shape.approval_id
    .exactOptional()
    .describe("Needed where the run asks several things"),
  payload_hash: HashSchema.exactOptional(),
});

export const ApproveRunSchema = OneOfRunSchema.extend({
  payload: PayloadSchema,
  comment: CommentSchema.exactOptional(),
});

export const DenyRunSchema = OneOfRunSchema.extend({ comment: CommentSchema.describe("Why") });

const ChangeSchema = z.object({
  path: z.string(),
  kind: z.enum(["added", "changed", "removed"]),
  before: AnyJson.exactOptional(),
  after: AnyJson.exactOptional(),
}) satisfies z.ZodType<JsonChange>;

const DecisionSchema = z.object({
  approver: z.string(),
  name: z.string(),
  decision: z.enum(VERDICTS),
  payload_hash: z.string(),
  comment: z.string().exactOptional(),
  changes: z.array(ChangeSchema).exactOptional(),
  push_back: z
    .object({ step: z.string(), input: z.string(), run_id: z.string() })
    .exactOptional()
    .describe("The replay that takes the run's place"),
  at: TimeOut,
}) satisfies z.ZodType<ApprovalDecision>;

const Names = z.array(z.string());

/** An approval as lists show it (core/approval-view.ts). */
export const ApprovalSummarySchema = z.object({
  approval_id: z.string(),
  run_id: z.string(),
  skill_id: z.string(),
  environment: z.string(),
  step_id: z.string(),
  occurrence: z.string().nullable(),
  step_path: z.string(),
  capability_id: z.string().nullable(),
  gist: z.string().describe("What tells the payload apart, in one line; may be empty"),
  kind: z.enum(APPROVAL_KINDS),
  status: z.enum(APPROVAL_STATUSES),
  risk: z.enum(APPROVAL_RISKS),
  reason: z.string(),
  payload_hash: z.string(),
  eligible: z.object({
    roles: Names,
    users: Names,
    groups: Names,
    required_roles: Names.exactOptional().describe("Each of those has to hold one of these too"),
  }),
  quorum: z.int(),
  approved_by_count: z.int(),
  forbid_self_approval: z.boolean(),
  requested_by: z.string().nullable(),
  expires_at: TimeOut.nullable(),
  on_expiry: z.enum(EXPIRY_OUTCOMES),
  claimed_by: z.object({ approver: z.string(), name: z.string() }).nullable(),
  decisions: z.array(DecisionSchema),
  created_at: TimeOut,
  updated_at: TimeOut,
  blocked_because: z.string().nullable(),
}) satisfies z.ZodType<ApprovalSummary>;

export const ApprovalAnswerSchema = z.object({ approval: ApprovalSummarySchema });

const GateSchema = z.object({
  phase: z.enum(["pre_gate", "post_gate"]),
  capabilities: z.array(z.string()),
});

/** An approval with what is asked. */
export const ApprovalDetailSchema = ApprovalSummarySchema.extend({
  payload: AnyJsonObject.describe(
    "Secrets are masked as [redacted]; payload_hash is of the exact one",
  ),
  redacted_values: z.int(),
  form_schema: AnyJsonObject.nullable(),
  gate: GateSchema.nullable().describe("Which gates left it to people, before or after the call"),
  changes: z.array(ChangeSchema),
}) satisfies z.ZodType<ApprovalDetail>;
