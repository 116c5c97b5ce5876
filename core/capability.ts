import { z } from "zod";
import { AskedTermsSchema } from "./approval-policy.ts";
import { FieldsSchema, JsonObjectSchema } from "./field.ts";

export const EFFECT_CLASSES = ["none", "read", "write", "external_action"] as const;
export type EffectClass = (typeof EFFECT_CLASSES)[number];

export const REPLAY_POLICIES = ["use_recorded_result", "reexecute", "require_human"] as const;
export type ReplayPolicy = (typeof REPLAY_POLICIES)[number];

export const CONFORMANCE_PROFILES = ["experimental", "standard", "strict"] as const;
export type ConformanceProfile = (typeof CONFORMANCE_PROFILES)[number];

export const TRUST_LEVELS = ["sandbox", "standard", "elevated", "privileged"] as const;
export const DATA_CLASSIFICATIONS = [
  "public",
  "internal",
  "pii",
  "confidential",
  "restricted",
] as const;

/** Two or three dot-separated lower-case segments, `domain.verb` or `domain.noun.verb`. */
export const CapabilityIdSchema = z
  .string()
  .regex(
    /^[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_-]*){1,2}$/,
    "expected 2 or 3 dot-separated lower-case segments",
  );

export const VersionSchema = z
  .string()
  .regex(/^\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.-]+)?$/, "expected a semantic version such as 1.0.0");

const GateSchema = z.union([
  z.string(),
  z.looseObject({
    capability: z.string(),
    /** What the gate's capability is called with; references name `input` and, in a post-gate, `output`. */
    input: JsonObjectSchema.optional(),
    /** An expression over `result`, `input` and, in a post-gate, `output`. */
    allow_when: z.string().optional(),
    on_fail: z.enum(["block", "warn", "degrade", "require_human"]).default("block"),
  }),
]);

/** What becomes of a confirmation or a gate's question that nobody decides in time (`core/approval-expiry.ts`). */
export const EXPIRY_OUTCOMES = ["deny", "fail", "continue"] as const;

export const SafetySchema = z.looseObject({
  trust_level: z.enum(TRUST_LEVELS),
  data_classification: z.enum(DATA_CLASSIFICATIONS).optional(),
  reversible: z.boolean().optional(),
  requires_confirmation: z.boolean().optional(),
  /** How long people have who are asked before a call, or about its result, and who decides it beyond the policy. */
  approval: z
    .looseObject({
      ...AskedTermsSchema.shape,
      timeout_seconds: z.number().positive().optional(),
      on_expiry: z.enum(EXPIRY_OUTCOMES).optional(),
    })
    .optional(),
  allowed_targets: z.array(z.string()).optional(),
  mandatory_pre_gates: z.array(GateSchema).optional(),
  mandatory_post_gates: z.array(GateSchema).optional(),
  scope_constraints: z.array(z.string()).optional(),
});

export const EffectSchema = z.looseObject({
  class: z.enum(EFFECT_CLASSES).optional(),
  idempotency: z.enum(["required", "optional", "not_supported"]).optional(),
  replay_policy: z.enum(REPLAY_POLICIES).optional(),
  compensation: z
    .looseObject({ capability: z.string(), input: z.record(z.string(), z.json()).optional() })
    .optional(),
  shadow_safe: z.boolean().optional(),
});

/** A capability file: a contract without an implementation (`contract.md` §2, `origins/orca.md` §1). */
export const CapabilitySchema = z.looseObject({
  id: CapabilityIdSchema,
  version: VersionSchema,
  description: z.string().min(1),
  inputs: FieldsSchema.default({}),
  outputs: FieldsSchema.default({}),
  extends: z.string().optional(),
  properties: z
    .looseObject({
      deterministic: z.boolean().optional(),
      side_effects: z.boolean().optional(),
      idempotent: z.boolean().optional(),
      state_access: z.enum(["none", "read", "write", "read_write"]).optional(),
      audit_level: z.enum(["basic", "standard", "strict"]).optional(),
      required_conformance_profile: z.enum(CONFORMANCE_PROFILES).optional(),
    })
    .default({}),
  metadata: z
    .looseObject({ required_conformance_profile: z.enum(CONFORMANCE_PROFILES).optional() })
    .default({}),
  replacement: z.string().optional(),
  deprecated: z.boolean().optional(),
  aliases: z.array(z.string()).optional(),
  requires: z.array(z.string()).optional(),
  cognitive_hints: z.looseObject({}).optional(),
  safety: SafetySchema.optional(),
  effect: EffectSchema.optional(),
});
export type Capability = z.infer<typeof CapabilitySchema>;

/** True where the capability says itself that it should no longer be used. */
export function isDeprecated(capability: Capability): boolean {
  return capability.deprecated ?? capability.metadata["status"] === "deprecated";
}

/** What the engine needs to know of a capability's effects, with nothing left open. */
export type EffectContract = {
  effectClass: EffectClass;
  idempotency: "required" | "optional" | "not_supported";
  replayPolicy: ReplayPolicy;
};

const EXTERNAL_DOMAINS = new Set(["email", "message", "web", "integration", "code", "agent"]);

/** The effect contract of a capability: what its `effect` block says, the rest derived (`contract.md` §2). */
export function effectContractOf(capability: Capability): EffectContract {
  const effectClass = capability.effect?.class ?? deriveEffectClass(capability);
  const acts = effectClass === "write" || effectClass === "external_action";
  return {
    effectClass,
    idempotency:
      capability.effect?.idempotency ??
      (capability.properties.idempotent === false ? "not_supported" : "optional"),
    replayPolicy: capability.effect?.replay_policy ?? (acts ? "use_recorded_result" : "reexecute"),
  };
}

function deriveEffectClass(capability: Capability): EffectClass {
  const { side_effects: acts, state_access: access } = capability.properties;
  if (acts !== true) return access === undefined || access === "none" ? "none" : "read";
  const domain = capability.id.split(".")[0] ?? "";
  return EXTERNAL_DOMAINS.has(domain) || capability.id === "decision.task.delegate"
    ? "external_action"
    : "write";
}

/** True where a call of this class changes something outside the run, so that it needs the ledger. */
export function isActing(effectClass: EffectClass): boolean {
  return effectClass === "write" || effectClass === "external_action";
}
