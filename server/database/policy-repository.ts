import type { Pool } from "pg";
import { z } from "zod";
import {
  PolicySchema,
  PolicySourceSchema,
  STRICTEST_POLICY,
  type Policy,
  type PolicySource,
} from "../../core/policy.ts";
import { EnvironmentSettingsSchema } from "./tenant-repository.ts";

/** An environment as runs need it: how far calls reach, and what tenant and environment restrict, in this order. */
export type RunEnvironment = { allowPrivateNetwork: boolean; policies: readonly PolicySource[] };

const RowSchema = z.object({ settings: z.unknown(), policy: z.unknown() });

/** One of the tenant's environments, or null. Indexes: both primary keys. */
export async function findRunEnvironment(
  pool: Pool,
  tenantId: string,
  name: string,
): Promise<RunEnvironment | null> {
  const { rows } = await pool.query(
    `SELECT e.settings, t.policy FROM environments e JOIN tenants t ON t.id = e.tenant_id
     WHERE e.tenant_id = $1 AND e.name = $2`,
    [tenantId, name],
  );
  if (rows[0] === undefined) return null;
  const row = RowSchema.parse(rows[0]);
  const { allow_private_network: allowPrivateNetwork, ...own } = EnvironmentSettingsSchema.parse(
    row.settings,
  );
  // A tenant's policy that cannot be read permits nothing.
  const ofTenant = PolicySourceSchema.catch(STRICTEST_POLICY).parse(row.policy);
  return { allowPrivateNetwork, policies: [ofTenant, own] };
}

/** Stores a merged policy under its hash; one that is stored already stays as it is. */
export async function insertPolicySnapshot(
  pool: Pool,
  snapshot: { tenantId: string; policyHash: string; policy: Policy },
): Promise<void> {
  await pool.query(
    `INSERT INTO policy_snapshots (tenant_id, policy_hash, document) VALUES ($1, $2, $3)
     ON CONFLICT DO NOTHING`,
    [snapshot.tenantId, snapshot.policyHash, JSON.stringify(snapshot.policy)],
  );
}

/** A stored policy; null where there is none of that hash or it cannot be read. Index: the primary key. */
export async function findPolicySnapshot(
  pool: Pool,
  tenantId: string,
  policyHash: string,
): Promise<Policy | null> {
  const { rows } = await pool.query<{ document: unknown }>(
    "SELECT document FROM policy_snapshots WHERE tenant_id = $1 AND policy_hash = $2",
    [tenantId, policyHash],
  );
  return PolicySchema.nullable()
    .catch(null)
    .parse(rows[0]?.document ?? null);
}
