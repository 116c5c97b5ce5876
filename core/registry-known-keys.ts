import type { DocumentKind } from "./registry-document-kind.ts";

/** The keys that a mapping may have, what a wrong key probably means, and the mappings below it. */
export type KeyRules = {
  /** What the mapping is called in messages. */
  noun: string;
  known: ReadonlySet<string>;
  /** Hints for wrong keys that people really write. */
  hints?: Readonly<Record<string, string>>;
  /** Keys that mean something elsewhere in the same document and have no effect here. */
  misplaced?: Readonly<Record<string, string>>;
  /** The rules of a nested mapping. */
  nested?: Readonly<Record<string, KeyRules>>;
  /** The rules of each value of a nested mapping from names. */
  nestedEach?: Readonly<Record<string, KeyRules>>;
  /** The rules of each item of a nested list. */
  nestedItems?: Readonly<Record<string, KeyRules>>;
};

const keys = (text: string): ReadonlySet<string> => new Set(text.split(" "));

const FIELD: KeyRules = {
  noun: "a field",
  known: keys("type required description default schema"),
  hints: Object.fromEntries(
    [
      "enum",
      "items",
      "properties",
      "format",
      "pattern",
      "minimum",
      "maximum",
      "additionalProperties",
    ].map((key) => [
      key,
      `Put it into the field's schema, which is full JSON Schema: schema: {${key}: …}.`,
    ]),
  ),
};

const STATUS_HINT = "Write it as metadata.status.";

const GATE: KeyRules = {
  noun: "a gate",
  known: keys("capability input allow_when on_fail description"),
  hints: { uses: "Did you mean capability?", when: "Did you mean allow_when?" },
};

const CAPABILITY: KeyRules = {
  noun: "a capability",
  known: keys(
    "id version description inputs outputs extends properties metadata replacement deprecated aliases requires cognitive_hints safety effect",
  ),
  hints: { status: STATUS_HINT, tags: "Write it as metadata.tags." },
  nested: {
    properties: {
      noun: "properties",
      known: keys(
        "deterministic side_effects idempotent state_access audit_level required_conformance_profile",
      ),
    },
    safety: {
      noun: "safety",
      known: keys(
        "trust_level data_classification reversible requires_confirmation approval allowed_targets mandatory_pre_gates mandatory_post_gates scope_constraints description risk_level rationale mitigations",
      ),
      nestedItems: { mandatory_pre_gates: GATE, mandatory_post_gates: GATE },
    },
    effect: {
      noun: "effect",
      known: keys("class idempotency replay_policy compensation shadow_safe"),
      nested: {
        compensation: { noun: "compensation", known: keys("capability input description") },
      },
    },
  },
  nestedEach: { inputs: FIELD, outputs: FIELD },
};

const RETRY: KeyRules = {
  noun: "retry",
  known: keys(
    "max_attempts backoff_seconds backoff_multiplier max_backoff_seconds jitter retry_on give_up_on",
  ),
};

const STEP_CONFIG: KeyRules = {
  noun: "a step's config",
  known: keys(
    "depends_on join condition retry timeout_seconds heartbeat_seconds merge_strategy foreach while router scatter match",
  ),
  hints: {
    merge: "Did you mean merge_strategy?",
    if: "Did you mean condition?",
    when: "Did you mean condition?",
  },
  nested: {
    retry: RETRY,
    foreach: { noun: "foreach", known: keys("items as index_as concurrency max_items") },
    while: { noun: "while", known: keys("condition max_iterations") },
    router: { noun: "router", known: keys("on cases default") },
    scatter: { noun: "scatter", known: keys("capabilities merge") },
  },
};

const STEP: KeyRules = {
  noun: "a step",
  known: keys("id uses input output config name description"),
  hints: {
    input_mapping: "Did you mean input?",
    output_mapping: "Did you mean output?",
    inputs: "Did you mean input?",
    outputs: "Did you mean output?",
    capability: "Did you mean uses?",
  },
  misplaced: Object.fromEntries(
    [...STEP_CONFIG.known].map((key) => [
      key,
      `Only config.${key} has an effect; move it there if it is meant.`,
    ]),
  ),
  nested: { config: STEP_CONFIG },
};

const FROM_PATH_HINT =
  "It comes from the file's path, skills/<channel>/<domain>/<slug>/skill.yaml.";

const SKILL: KeyRules = {
  noun: "a skill",
  known: keys("id version name description inputs outputs steps config policy metadata triggers"),
  hints: {
    status: STATUS_HINT,
    channel: FROM_PATH_HINT,
    domain: FROM_PATH_HINT,
    slug: FROM_PATH_HINT,
    classification: "Write it as metadata.classification.",
    tags: "Write it as metadata.tags.",
  },
  nested: {
    config: {
      noun: "a skill's config",
      known: keys("schedule fail_fast timeout_seconds compensation"),
      nested: {
        compensation: {
          noun: "compensation",
          known: keys("strategy on_failure retry"),
          nested: { retry: RETRY },
        },
      },
    },
  },
  nestedEach: { inputs: FIELD, outputs: FIELD },
  nestedItems: { steps: STEP },
};

const TRANSPORT =
  "timeout_seconds headers retry_count retry_backoff_base retry_backoff_factor max_request_bytes max_response_bytes";
const DOCUMENTATION = "description status maintained_by purpose tags owner slo";

const BINDING: KeyRules = {
  noun: "a binding",
  known: keys("id capability service protocol operation request response status_probe metadata"),
  hints: { type: "Did you mean protocol?", kind: "Did you mean protocol?", status: STATUS_HINT },
  nested: {
    status_probe: {
      noun: "a binding's status probe",
      known: keys(
        "operation method timeout_seconds request status happened not_happened not_found response",
      ),
    },
    metadata: {
      noun: "a binding's metadata",
      known: keys(
        `${TRANSPORT} ${DOCUMENTATION} method response_mode fallback_binding_id conformance_profile provider_idempotency`,
      ),
    },
  },
};

const SERVICE: KeyRules = {
  noun: "a service",
  known: keys("id kind base_url spec_ref server module auth_ref metadata"),
  hints: {
    type: "Did you mean kind?",
    protocol: "Did you mean kind?",
    url: "Did you mean base_url?",
    auth: "Credentials travel as metadata.headers with ${UPPER_CASE} placeholders.",
    status: STATUS_HINT,
  },
  nested: {
    metadata: { noun: "a service's metadata", known: keys(`${TRANSPORT} ${DOCUMENTATION}`) },
  },
};

const DEFAULT_SELECTION: KeyRules = {
  noun: "a default selection",
  known: keys("defaults environment"),
};

/** What each kind of document may contain. Whatever is not listed here has no effect on a run. */
export const KNOWN_KEYS: Readonly<Record<DocumentKind, KeyRules>> = {
  capability: CAPABILITY,
  skill: SKILL,
  binding: BINDING,
  service: SERVICE,
  default_selection: DEFAULT_SELECTION,
};
