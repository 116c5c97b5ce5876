import { hash } from "node:crypto";
import { toCanonicalJson } from "../../core/json.ts";
import { STRICTEST_POLICY, type Policy } from "../../core/policy.ts";
import type { Database } from "../database/client.ts";
import { findPolicySnapshot, insertPolicySnapshot } from "../database/policy-repository.ts";

/** The policies that runs were started under: stored once each, kept in memory by tenant and hash. */
export type PolicySnapshots = {
  /** Stores a merged policy if it is new, and answers its hash. */
  keep(tenantId: string, policy: Policy): Promise<string>;
  /** The policy of a hash that a run's history names. One that is gone permits nothing. */
  load(tenantId: string, policyHash: string): Promise<Policy>;
};

/** Beyond it the oldest is forgotten, and read or stored again when it is asked for. */
const MAX_KEPT = 1_000;

export function createPolicySnapshots(pool: Database["pool"]): PolicySnapshots {
  const kept = new Map<string, Policy>();
  const remember = (key: string, policy: Policy) => {
    kept.set(key, policy);
    if (kept.size <= MAX_KEPT) return;
    for (const oldest of kept.keys()) {
      kept.delete(oldest);
      break;
    }
  };
  return {
    async keep(tenantId, policy) {
      const policyHash = `sha256:${hash("sha256", toCanonicalJson(policy))}`;
      const key = `${tenantId} ${policyHash}`;
      if (kept.has(key)) return policyHash;
      await insertPolicySnapshot(pool, { tenantId, policyHash, policy });
      remember(key, policy);
      return policyHash;
    },
    async load(tenantId, policyHash) {
      const key = `${tenantId} ${policyHash}`;
      const known = kept.get(key) ?? (await findPolicySnapshot(pool, tenantId, policyHash));
      if (known === null) return STRICTEST_POLICY;
      remember(key, known);
      return known;
    },
  };
}
