import { isActing, type Capability, type EffectClass } from "./capability.ts";
import { ROLE_PERMISSIONS, ROLES, type Role } from "./permissions.ts";
import { PolicyDenied } from "./policy-denial.ts";
import { enforceNoCredentials, enforceTenant, type JudgedCall } from "./policy-input.ts";
import type { Policy } from "./policy.ts";
import { permitsClassification, permitsTrust } from "./trust.ts";

export const TARGET_RULES = ["internal_only", "approved_connectors", "same_tenant"] as const;
export const SCOPE_RULES = [
  "read_only",
  "sandboxed_execution",
  "no_credential_passthrough",
  "no_external_network",
  "ephemeral_only",
] as const;

/** A capability whose call is to be judged, and under what. */
export type PolicyQuestion = {
  capability: Pick<Capability, "id" | "safety" | "properties">;
  effectClass: EffectClass;
  /** The run's effective trust level. */
  trust: string;
  policy: Policy;
};

/**
 * What policy says of all calls of one capability in one run, whatever their input. The denials stand in the order of
 * the rules; the checks of the input come at their place in it (`enforceRules`).
 */
export type CapabilityRules = {
  trust: PolicyDenied | null;
  isTenantBound: boolean;
  classification: PolicyDenied | null;
  /** Of a target or scope constraint that no binding can keep. */
  scope: PolicyDenied | null;
  forbidsCredentials: boolean;
  /** Native functions of this call may not open connections to public addresses. */
  staysInside: boolean;
};

/** Null for a capability without a `safety` block, which no rule restricts. Unknown words deny. */
export function rulesOf(question: PolicyQuestion): CapabilityRules | null {
  const { safety } = question.capability;
  if (safety === undefined) return null;
  const targets = safety.allowed_targets ?? [];
  const constraints = safety.scope_constraints ?? [];
  return {
    trust: judgeTrust(question, safety.trust_level),
    isTenantBound: targets.includes("same_tenant"),
    classification: judgeClassification(question, safety.data_classification),
    scope:
      unknownWord(question, "allowed_targets", targets, TARGET_RULES) ??
      unknownWord(question, "scope_constraints", constraints, SCOPE_RULES) ??
      judgeEffects(question, constraints),
    forbidsCredentials: constraints.includes("no_credential_passthrough"),
    staysInside: targets.includes("internal_only") || constraints.includes("no_external_network"),
  };
}

/** Throws the first rule's `PolicyDenied` that a call with this input breaks; `bindings` is what its bindings break. */
export function enforceRules(
  rules: CapabilityRules,
  call: JudgedCall & { bindings: PolicyDenied | null },
): void {
  if (rules.trust !== null) throw rules.trust;
  if (rules.isTenantBound) enforceTenant(call);
  if (rules.classification !== null) throw rules.classification;
  if (rules.scope?.finding.rule === "allowed_targets") throw rules.scope;
  if (call.bindings?.finding.rule === "allowed_targets") throw call.bindings;
  if (rules.scope !== null) throw rules.scope;
  if (call.bindings !== null) throw call.bindings;
  if (rules.forbidsCredentials) enforceNoCredentials(call);
}

function judgeTrust({ capability, trust, policy }: PolicyQuestion, required: string) {
  const isAllowed = permitsTrust(policy.trust_ceiling, required);
  if (isAllowed && permitsTrust(trust, required)) return null;
  const mayStart = ROLES.filter((role) => mayTrust(role, required));
  return new PolicyDenied(
    "safety_denied",
    {
      rule: "trust_level",
      outcome: "blocked",
      reason: `it requires the trust level ${quote(required)}, and the run has ${quote(trust)}`,
      capability_id: capability.id,
      may_override: isAllowed ? mayStart : ["admin"],
    },
    isAllowed
      ? `Start the run as somebody who may start runs with the trust level ${required}, and without a lower options.trust_level.`
      : `This environment or skill trusts runs up to ${policy.trust_ceiling}: run it in another environment.`,
    { required_trust: required, trust },
  );
}

function mayTrust(role: Role, required: string): boolean {
  if (required === "privileged") return ROLE_PERMISSIONS[role].includes("trust:privileged");
  if (required === "elevated") return ROLE_PERMISSIONS[role].includes("trust:elevated");
  return ROLE_PERMISSIONS[role].includes("run:start");
}

function judgeClassification(
  { capability, policy }: PolicyQuestion,
  classification: string | undefined,
) {
  const ceiling = policy.max_data_classification;
  if (classification === undefined || permitsClassification(ceiling, classification)) return null;
  return new PolicyDenied(
    "data_classification_denied",
    {
      rule: "data_classification",
      outcome: "blocked",
      reason: `it handles ${quote(classification)} data, and the ceiling is ${quote(ceiling)}`,
      capability_id: capability.id,
      may_override: ["admin"],
    },
    "Run it in an environment that is meant for such data.",
    { data_classification: classification, max_data_classification: ceiling },
  );
}

function unknownWord(
  { capability }: PolicyQuestion,
  rule: "allowed_targets" | "scope_constraints",
  words: readonly string[],
  known: readonly string[],
): PolicyDenied | null {
  const unknown = words.find((word) => !known.includes(word));
  if (unknown === undefined) return null;
  return new PolicyDenied(
    rule === "allowed_targets" ? "target_denied" : "scope_denied",
    {
      rule,
      outcome: "blocked",
      reason: `its ${rule} hold ${quote(unknown)}, which is none that is known`,
      capability_id: capability.id,
      may_override: [],
    },
    `Correct the capability: known are ${known.join(", ")}.`,
  );
}

/** A capability whose own contract says that it does what its constraints exclude. */
function judgeEffects({ capability, effectClass }: PolicyQuestion, constraints: readonly string[]) {
  const access = capability.properties.state_access;
  const isWriting = access === "write" || access === "read_write";
  const broken =
    constraints.includes("read_only") && (isActing(effectClass) || isWriting)
      ? "read_only"
      : constraints.includes("ephemeral_only") && (effectClass === "write" || isWriting)
        ? "ephemeral_only"
        : null;
  if (broken === null) return null;
  const does = isActing(effectClass) ? `its effect class is ${effectClass}` : "it writes state";
  return new PolicyDenied(
    "scope_denied",
    {
      rule: "scope_constraints",
      outcome: "blocked",
      reason: `it is constrained to ${broken}, and ${does}`,
      capability_id: capability.id,
      may_override: [],
    },
    "Correct the capability's effect or its scope_constraints.",
  );
}

function quote(word: string): string {
  return `"${word.slice(0, 80)}"`;
}
