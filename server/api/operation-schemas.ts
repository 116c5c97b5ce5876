import { z } from "zod";
import { ApprovalPolicySourceSchema } from "../../core/approval-policy.ts";
import { DATA_CLASSIFICATIONS, TRUST_LEVELS } from "../../core/capability.ts";
import { PERMISSIONS, ROLES } from "../../core/permissions.ts";
import { RUN_STATUSES } from "../../core/run.ts";
import { TimeOut } from "./json-schemas.ts";

export const MeSchema = z.object({
  user: z.object({ user_id: z.string(), name: z.string(), email: z.string().nullable() }),
  tenant: z.object({ tenant_id: z.string(), name: z.string() }),
  role: z.enum(ROLES).nullable().describe("Null for an API key, which has scopes instead"),
  permissions: z.array(z.enum(PERMISSIONS)),
  environments: z.array(z.string()),
});

const ServiceIds = z.array(z.string());

export const EnvironmentItemSchema = z.object({
  name: z.string(),
  allow_private_network: z.boolean(),
  trust_ceiling: z.enum(TRUST_LEVELS).describe("Runs are trusted no higher"),
  max_data_classification: z
    .enum(DATA_CLASSIFICATIONS)
    .describe("Capabilities that handle more sensitive data are not called"),
  approved_connectors: ServiceIds.describe("What `approved_connectors` may reach"),
  internal_services: ServiceIds.describe("What counts as inside beside this process"),
  sandboxed_services: ServiceIds.describe("What counts as a sandbox beside this process"),
  approval_timeout_seconds: z.number().nullable(),
  approvals: ApprovalPolicySourceSchema.describe("Who decides what the runtime asks"),
});

export const StatsSchema = z.object({
  runs: z.object({
    by_status: z.record(z.enum(RUN_STATUSES), z.int()),
    started_last_minute: z.int(),
    failed_last_hour: z.int(),
  }),
  journal: z.record(z.string(), z.number()).describe("Counters of this process's journal"),
  active_runs: z.int(),
  parked_runs: z.int(),
});

export const WorkerItemSchema = z.object({
  worker_id: z.string(),
  host: z.string(),
  pid: z.int(),
  version: z.string(),
  started_at: TimeOut,
  heartbeat_at: TimeOut,
  active_runs: z.int(),
  capacity: z.int(),
  is_alive: z.boolean(),
});

export const ApiKeyItemSchema = z.object({
  api_key_id: z.string(),
  name: z.string(),
  prefix: z.string(),
  scopes: z.array(z.string()),
  created_by: z.string(),
  created_at: TimeOut,
  last_used_at: TimeOut.nullable(),
  revoked_at: TimeOut.nullable(),
});
export const CreateApiKeySchema = z.strictObject({
  name: z.string().trim().min(1).max(100),
  scopes: z.array(z.enum(PERMISSIONS)).min(1),
});
export const CreatedApiKeySchema = ApiKeyItemSchema.extend({
  key: z.string().describe("The key itself. It is shown this once and kept nowhere."),
});
