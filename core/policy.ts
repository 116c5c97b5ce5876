import { z } from "zod";
import {
  ANY_APPROVALS,
  ApprovalPolicySchema,
  ApprovalPolicySourceSchema,
  NO_APPROVALS,
  stricterApprovals,
  type ApprovalPolicySource,
} from "./approval-policy.ts";
import { DATA_CLASSIFICATIONS, TRUST_LEVELS } from "./capability.ts";
import { lowestClassification, lowestTrust } from "./trust.ts";

/** Ids of services; `*` stands for all of them. */
const ServicesSchema = z.array(z.string().min(1));

/** What one source of policy (platform, tenant, environment or skill) restricts. What it leaves out it does not restrict. */
export const PolicySourceSchema = z.strictObject({
  /** Runs are trusted no higher. */
  trust_ceiling: z.enum(TRUST_LEVELS).exactOptional(),
  /** Capabilities that handle more sensitive data are not called. */
  max_data_classification: z.enum(DATA_CLASSIFICATIONS).exactOptional(),
  /** Services that capabilities with the target `approved_connectors` may reach. */
  approved_connectors: ServicesSchema.exactOptional(),
  /** Services outside this process that count as inside the organisation (`internal_only`, `no_external_network`). */
  internal_services: ServicesSchema.exactOptional(),
  /** Services outside this process that run what they are given in a sandbox (`sandboxed_execution`, `ephemeral_only`). */
  sandboxed_services: ServicesSchema.exactOptional(),
  /** How long people have at most who are asked about a call; null leaves it to the capability. */
  approval_timeout_seconds: z.number().positive().nullable().exactOptional(),
  /** Who decides the questions that the runtime raises itself. */
  approvals: ApprovalPolicySourceSchema.exactOptional(),
});
export type PolicySource = Omit<z.output<typeof PolicySourceSchema>, "approvals"> & {
  approvals?: ApprovalPolicySource;
};

/** A merged policy, in which nothing is left open: what a policy snapshot holds. */
export const PolicySchema = PolicySourceSchema.required().extend({
  // Policies from before there were these are kept under their hashes.
  approval_timeout_seconds: z.number().positive().nullable().default(null),
  approvals: ApprovalPolicySchema.default(ANY_APPROVALS),
});
export type Policy = z.output<typeof PolicySchema>;

/** Restricts nothing: where every merge starts. */
export const UNRESTRICTED_POLICY: Policy = {
  trust_ceiling: "privileged",
  max_data_classification: "restricted",
  approved_connectors: ["*"],
  internal_services: ["*"],
  sandboxed_services: ["*"],
  approval_timeout_seconds: null,
  approvals: ANY_APPROVALS,
};

/** What holds where no policy can be read: only what needs no trust and handles public data runs. */
export const STRICTEST_POLICY: Policy = {
  trust_ceiling: "sandbox",
  max_data_classification: "public",
  approved_connectors: [],
  internal_services: [],
  sandboxed_services: [],
  approval_timeout_seconds: null,
  approvals: NO_APPROVALS,
};

/**
 * The policy of several sources: in each member the strictest one holds. Which source says it makes no difference, so
 * that the order of the sources (platform, tenant, environment, skill) only matters to readers.
 */
export function mergePolicies(sources: readonly PolicySource[]): Policy {
  return sources.reduce<Policy>(stricter, UNRESTRICTED_POLICY);
}

function stricter(policy: Policy, source: PolicySource): Policy {
  return {
    trust_ceiling: lowestTrust(policy.trust_ceiling, source.trust_ceiling ?? policy.trust_ceiling),
    max_data_classification: lowestClassification(
      policy.max_data_classification,
      source.max_data_classification ?? policy.max_data_classification,
    ),
    approved_connectors: inBoth(policy.approved_connectors, source.approved_connectors),
    internal_services: inBoth(policy.internal_services, source.internal_services),
    sandboxed_services: inBoth(policy.sandboxed_services, source.sandboxed_services),
    approval_timeout_seconds: shorter(
      policy.approval_timeout_seconds,
      source.approval_timeout_seconds ?? null,
    ),
    approvals: stricterApprovals(policy.approvals, source.approvals),
  };
}

function shorter(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}

/** True where a list of services names one. */
export function namesService(services: readonly string[], serviceId: string): boolean {
  return services.includes("*") || services.includes(serviceId);
}

/** Sorted and without repetitions, so that equal policies have equal texts. */
function inBoth(services: readonly string[], others: readonly string[] = ["*"]): string[] {
  const isAny = (list: readonly string[]) => list.includes("*");
  if (isAny(services) && isAny(others)) return ["*"];
  const [base, filter] = isAny(services) ? [others, services] : [services, others];
  return [...new Set(base.filter((id) => namesService(filter, id)))].toSorted();
}
