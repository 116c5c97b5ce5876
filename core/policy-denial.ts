import { DomainError, type ErrorCode } from "./errors.ts";
import type { JsonObject } from "./json.ts";
import type { Role } from "./permissions.ts";

/** The rules of policy in the order in which they are checked before a step; `post_gate` follows the call. */
export const POLICY_RULES = [
  "trust_level",
  "same_tenant",
  "data_classification",
  "allowed_targets",
  "scope_constraints",
  "pre_gate",
  "post_gate",
] as const;
export type PolicyRule = (typeof POLICY_RULES)[number];

export type PolicyOutcome = "blocked" | "warned" | "degraded" | "human_required";

/** What a rule found, as `policy.evaluated` tells it. */
export type PolicyFinding = {
  rule: PolicyRule;
  outcome: PolicyOutcome;
  /** In words, with what was asked and what was given. */
  reason: string;
  capability_id: string;
  /** The gate's capability, where a gate found it. */
  gate?: string;
  /** Who could have it allowed: by starting the run themselves, changing the environment, or deciding. */
  may_override: Role[];
};

/** A call that policy does not let go out, or whose result it does not let in. */
export class PolicyDenied extends DomainError {
  readonly finding: PolicyFinding;

  constructor(code: ErrorCode, finding: PolicyFinding, hint: string, details: JsonObject = {}) {
    const gate = finding.gate === undefined ? {} : { gate: finding.gate };
    super(code, `${finding.capability_id} was not let through: ${finding.reason}.`, {
      hint,
      details: {
        rule: finding.rule,
        capability_id: finding.capability_id,
        ...gate,
        may_override: finding.may_override,
        ...details,
      },
    });
    this.finding = finding;
  }
}
