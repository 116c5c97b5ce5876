import { replacingDefault } from "../../core/approval-policy.ts";
import { mergePolicies, type Policy, type PolicySource } from "../../core/policy.ts";
import type { RunOptions } from "../../core/run-events.ts";
import type { Skill } from "../../core/skill.ts";
import { DEFAULT_TRUST, lowestTrust, type TrustLevel } from "../../core/trust.ts";
import type { RunEnvironment } from "../database/policy-repository.ts";
import type { PolicySnapshots, StoredPolicy } from "./policy-snapshots.ts";

/** The options of a run as somebody starts it who may have it trusted so far. */
export function trustedAs(options: RunOptions, trust: TrustLevel = DEFAULT_TRUST): RunOptions {
  return { ...options, trust_level: lowestTrust(trust, options.trust_level ?? trust) };
}

/** The options with the trust level that the policy leaves; a run of which nothing is known is trusted as by default. */
export function cappedBy(policy: Policy, options: RunOptions): RunOptions {
  const asked = options.trust_level ?? DEFAULT_TRUST;
  return { ...options, trust_level: lowestTrust(asked, policy.trust_ceiling) };
}

/** What restricts a run of this skill there beyond the platform, which restricts nothing: tenant, environment, skill. */
export function policySourcesOf(environment: RunEnvironment, skill: Skill): PolicySource[] {
  const ofSkill = skill.policy === undefined ? [] : [skill.policy];
  return [...environment.policies.map(ofPlace), ...ofSkill];
}

function ofPlace(source: PolicySource): PolicySource {
  const { approvals } = source;
  return approvals === undefined ? source : { ...source, approvals: replacingDefault(approvals) };
}

/** The policy that a new run starts under, stored; a nested run's is never looser than its parent's. */
export async function startPolicyOf(
  snapshots: PolicySnapshots,
  run: { tenantId: string; inheritedPolicyHash?: string },
  sources: readonly PolicySource[],
): Promise<StoredPolicy> {
  const { tenantId, inheritedPolicyHash } = run;
  if (inheritedPolicyHash === undefined) return snapshots.keep(tenantId, sources);
  const inherited = await snapshots.load(tenantId, inheritedPolicyHash);
  return snapshots.keep(tenantId, [inherited, ...sources]);
}

/** The policy that a stored run was started under; one from before there were policies has that of its environment. */
export async function storedPolicyOf(
  snapshots: PolicySnapshots,
  { tenantId, policyHash }: { tenantId: string; policyHash?: string | undefined },
  sources: readonly PolicySource[],
): Promise<Policy> {
  if (policyHash === undefined) return mergePolicies(sources);
  return snapshots.load(tenantId, policyHash);
}

/** The policy that a resumed run goes on under, stored: what it was started under and what holds now, the stricter of each. */
export async function resumePolicyOf(
  snapshots: PolicySnapshots,
  run: { tenantId: string; policyHash?: string | undefined },
  sources: readonly PolicySource[],
): Promise<StoredPolicy> {
  return snapshots.keep(run.tenantId, [await storedPolicyOf(snapshots, run, sources), ...sources]);
}
