import { hash } from "node:crypto";
import { toCanonicalJson } from "../../core/json.ts";
import {
  mergePolicies,
  STRICTEST_POLICY,
  type Policy,
  type PolicySource,
} from "../../core/policy.ts";
import type { Database } from "../database/client.ts";
import { findPolicySnapshot, insertPolicySnapshot } from "../database/policy-repository.ts";

/** A merged policy and the hash under which it is stored. */
export type StoredPolicy = { policy: Policy; policyHash: string };

/** The policies that runs were started under: stored once each, kept in memory. */
export type PolicySnapshots = {
  /** The policy of several sources, stored if it is new. Equal sources are merged and hashed once. */
  keep(tenantId: string, sources: readonly PolicySource[]): Promise<StoredPolicy>;
  /** The policy of a hash that a run's history names. One that is gone permits nothing. */
  load(tenantId: string, policyHash: string): Promise<Policy>;
};

/** Beyond it the oldest is forgotten, and read or stored again when it is asked for. */
const MAX_KEPT = 1_000;

export function createPolicySnapshots(pool: Database["pool"]): PolicySnapshots {
  const bySources = new Map<string, StoredPolicy>();
  const byHash = new Map<string, Policy>();
  return {
    async keep(tenantId, sources) {
      const key = `${tenantId} ${JSON.stringify(sources)}`;
      const known = bySources.get(key);
      if (known !== undefined) return known;
      const policy = mergePolicies(sources);
      const policyHash = `sha256:${hash("sha256", toCanonicalJson(policy))}`;
      await insertPolicySnapshot(pool, { tenantId, policyHash, policy });
      remember(bySources, key, { policy, policyHash });
      return { policy, policyHash };
    },
    async load(tenantId, policyHash) {
      const key = `${tenantId} ${policyHash}`;
      const known = byHash.get(key) ?? (await findPolicySnapshot(pool, tenantId, policyHash));
      if (known === null) return STRICTEST_POLICY;
      remember(byHash, key, known);
      return known;
    },
  };
}

function remember<Value>(kept: Map<string, Value>, key: string, value: Value): void {
  kept.set(key, value);
  if (kept.size <= MAX_KEPT) return;
  for (const oldest of kept.keys()) {
    kept.delete(oldest);
    break;
  }
}
