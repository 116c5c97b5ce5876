import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BindingSchema, ServiceSchema } from "./binding.ts";
import {
  CapabilitySchema,
  DATA_CLASSIFICATIONS,
  TRUST_LEVELS,
  type EffectClass,
} from "./capability.ts";
import type { JsonObject } from "./json.ts";
import { PolicyDenied } from "./policy-denial.ts";
import { judgeBinding } from "./policy-binding.ts";
import {
  enforceRules,
  rulesOf,
  SCOPE_RULES,
  TARGET_RULES,
  type PolicyQuestion,
} from "./policy-rules.ts";
import { STRICTEST_POLICY, UNRESTRICTED_POLICY, type Policy } from "./policy.ts";

const NOTHING_NAMED: Policy = {
  ...UNRESTRICTED_POLICY,
  approved_connectors: [],
  internal_services: [],
  sandboxed_services: [],
};

function ask(
  safety: object | undefined,
  more: {
    trust?: string;
    policy?: Partial<Policy>;
    effect?: EffectClass;
    access?: string;
    input?: JsonObject;
    service?: object;
  } = {},
): string {
  const parsed = CapabilitySchema.parse({
    id: "text.note.write",
    version: "1.0.0",
    description: "x",
    properties: more.access === undefined ? {} : { state_access: more.access },
  });
  // Words that no import lets through, as a registry from elsewhere may hold them.
  const unchecked: { [key: string]: unknown } = { trust_level: "sandbox", ...safety };
  const capability: PolicyQuestion["capability"] = Object.assign(
    parsed,
    safety === undefined ? {} : { safety: unchecked },
  );
  const question = {
    capability,
    effectClass: more.effect ?? "none",
    trust: more.trust ?? "privileged",
    policy: { ...NOTHING_NAMED, ...more.policy },
  } satisfies PolicyQuestion;
  const rules = rulesOf(question);
  if (rules === null) return "free";
  const service = ServiceSchema.parse({
    id: "remote",
    kind: "openapi",
    base_url: "https://api.example",
    ...more.service,
  });
  const binding = BindingSchema.parse({
    id: "b",
    capability: capability.id,
    service: service.id,
    protocol: service.kind,
    operation: "x",
  });
  const bindings = judgeBinding(question, binding, service);
  const call = { capabilityId: capability.id, tenantId: "acme", input: more.input ?? {}, bindings };
  try {
    enforceRules(rules, call);
    return "free";
  } catch (error) {
    if (!(error instanceof PolicyDenied)) throw error;
    expect(error.hint).not.toBe("");
    expect(error.details).toMatchObject({
      rule: error.finding.rule,
      may_override: expect.any(Array),
    });
    return `${error.finding.rule} ${error.code}`;
  }
}

const INSIDE = { kind: "builtin", module: "orca.text", base_url: undefined };
const NAMED = { kind: "mcp", server: "tables", base_url: undefined };
const SPAWNED = { kind: "mcp", server: ["npx", "tables"], base_url: undefined };

test.each<[string, Parameters<typeof ask>, string]>([
  [
    "no safety block, under any policy",
    [undefined, { policy: STRICTEST_POLICY, trust: "?" }],
    "free",
  ],
  ["enough trust", [{ trust_level: "elevated" }, { trust: "elevated" }], "free"],
  [
    "too little trust",
    [{ trust_level: "elevated" }, { trust: "standard" }],
    "trust_level safety_denied",
  ],
  [
    "a ceiling below what is required",
    [{ trust_level: "privileged" }, { policy: { trust_ceiling: "elevated" } }],
    "trust_level safety_denied",
  ],
  [
    "its own tenant",
    [{ allowed_targets: ["same_tenant"] }, { input: { target_tenant_id: "acme" } }],
    "free",
  ],
  [
    "no tenant named",
    [{ allowed_targets: ["same_tenant"] }, { input: { target_tenant_id: "" } }],
    "free",
  ],
  [
    "another tenant",
    [{ allowed_targets: ["same_tenant"] }, { input: { target_tenant_id: "other" } }],
    "same_tenant same_tenant_mismatch",
  ],
  [
    "a tenant that is no text",
    [{ allowed_targets: ["same_tenant"] }, { input: { target_tenant_id: ["acme"] } }],
    "same_tenant same_tenant_mismatch",
  ],
  [
    "data at the ceiling",
    [{ data_classification: "pii" }, { policy: { max_data_classification: "pii" } }],
    "free",
  ],
  [
    "data above the ceiling",
    [{ data_classification: "confidential" }, { policy: { max_data_classification: "pii" } }],
    "data_classification data_classification_denied",
  ],
  [
    "internal_only to a native function",
    [{ allowed_targets: ["internal_only"] }, { service: INSIDE }],
    "free",
  ],
  [
    "internal_only to a server in the process",
    [{ allowed_targets: ["internal_only"] }, { service: NAMED }],
    "free",
  ],
  [
    "internal_only to a spawned server",
    [{ allowed_targets: ["internal_only"] }, { service: SPAWNED }],
    "allowed_targets target_denied",
  ],
  [
    "internal_only to a service",
    [{ allowed_targets: ["internal_only"] }],
    "allowed_targets target_denied",
  ],
  [
    "internal_only to a service that is named as inside",
    [{ allowed_targets: ["internal_only"] }, { policy: { internal_services: ["remote"] } }],
    "free",
  ],
  [
    "a connector that nobody approved",
    [{ allowed_targets: ["approved_connectors"] }],
    "allowed_targets target_denied",
  ],
  [
    "a connector that nobody approved, inside",
    [{ allowed_targets: ["approved_connectors"] }, { service: INSIDE }],
    "allowed_targets target_denied",
  ],
  [
    "an approved connector",
    [{ allowed_targets: ["approved_connectors"] }, { policy: { approved_connectors: ["remote"] } }],
    "free",
  ],
  ["read_only that reads", [{ scope_constraints: ["read_only"] }, { effect: "read" }], "free"],
  [
    "read_only that acts",
    [{ scope_constraints: ["read_only"] }, { effect: "external_action" }],
    "scope_constraints scope_denied",
  ],
  [
    "read_only that keeps state",
    [{ scope_constraints: ["read_only"] }, { access: "read_write" }],
    "scope_constraints scope_denied",
  ],
  [
    "a sandbox in the process",
    [{ scope_constraints: ["sandboxed_execution"] }, { service: INSIDE }],
    "free",
  ],
  [
    "a service that is no sandbox",
    [{ scope_constraints: ["sandboxed_execution"] }],
    "scope_constraints scope_denied",
  ],
  [
    "ephemeral_only that writes",
    [{ scope_constraints: ["ephemeral_only"] }, { effect: "write", service: INSIDE }],
    "scope_constraints scope_denied",
  ],
  [
    "ephemeral_only outside",
    [{ scope_constraints: ["ephemeral_only"] }],
    "scope_constraints scope_denied",
  ],
  [
    "no_external_network outside",
    [{ scope_constraints: ["no_external_network"] }],
    "scope_constraints scope_denied",
  ],
  [
    "no credentials",
    [{ scope_constraints: ["no_credential_passthrough"] }, { input: { headers: { accept: "x" } } }],
    "free",
  ],
  [
    "credentials somewhere inside",
    [
      { scope_constraints: ["no_credential_passthrough"] },
      { input: { list: [{ headers: { Authorization: "Bearer x" } }] } },
    ],
    "scope_constraints scope_denied",
  ],
])("%s", (_name, args, expected) => {
  expect(ask(...args)).toBe(expected);
});

test("the rules are checked in their order: mending the first shows the next", () => {
  const safety = {
    trust_level: "elevated",
    data_classification: "pii",
    allowed_targets: ["same_tenant", "internal_only"],
    scope_constraints: ["read_only", "no_credential_passthrough"],
  };
  const broken = {
    trust: "standard",
    policy: { max_data_classification: "public" as const },
    effect: "write" as const,
    input: { target_tenant_id: "other", token: "x" },
  };
  const mends: Partial<Parameters<typeof ask>[1]>[] = [
    {},
    { trust: "elevated" },
    { input: { token: "x" } },
    { policy: {} },
    { policy: { internal_services: ["*"] } },
    { effect: "read" as const },
    { input: {} },
  ];
  let state: Parameters<typeof ask>[1] = broken;
  const found = mends.map((mend) => ask(safety, (state = { ...state, ...mend })));
  expect(found).toEqual([
    "trust_level safety_denied",
    "same_tenant same_tenant_mismatch",
    "data_classification data_classification_denied",
    "allowed_targets target_denied",
    "scope_constraints scope_denied",
    "scope_constraints scope_denied",
    "free",
  ]);
});

describe("a word that nobody knows denies", () => {
  const unknown = (known: readonly string[]) =>
    fc.string({ minLength: 1 }).filter((word) => !known.includes(word));
  const everything = { policy: UNRESTRICTED_POLICY, service: INSIDE };

  test.each<[string, (word: string) => object, string]>([
    ["as trust_level", (word) => ({ trust_level: word }), "trust_level safety_denied"],
    [
      "as data_classification",
      (word) => ({ data_classification: word }),
      "data_classification data_classification_denied",
    ],
    ["as target", (word) => ({ allowed_targets: [word] }), "allowed_targets target_denied"],
    [
      "as scope constraint",
      (word) => ({ scope_constraints: [word] }),
      "scope_constraints scope_denied",
    ],
  ])("%s", (_place, safetyOf, expected) => {
    const known: string[] = [
      ...TARGET_RULES,
      ...SCOPE_RULES,
      ...TRUST_LEVELS,
      ...DATA_CLASSIFICATIONS,
    ];
    fc.assert(
      fc.property(unknown(known), (word) => {
        expect(ask(safetyOf(word), everything)).toBe(expected);
      }),
    );
  });

  test("as the run's trust", () => {
    fc.assert(
      fc.property(fc.string(), (word) => {
        fc.pre(!["sandbox", "standard", "elevated", "privileged"].includes(word));
        expect(ask({ trust_level: "sandbox" }, { trust: word })).toBe("trust_level safety_denied");
      }),
    );
  });
});
