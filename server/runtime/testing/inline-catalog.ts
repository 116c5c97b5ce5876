import { hash } from "node:crypto";
import { BindingSchema, ServiceSchema } from "../../../core/binding.ts";
import { CapabilitySchema, type EffectClass, type ReplayPolicy } from "../../../core/capability.ts";
import type { JsonObject } from "../../../core/json.ts";
import { SkillSchema } from "../../../core/skill.ts";
import { buildRegistryCatalog } from "../../registry/build-registry-catalog.ts";
import type { RegistryCatalog } from "../../registry/registry-catalog.ts";

/** A capability `<id>` served by the native function of the same name in module `inline`. */
export type InlineCapability = {
  id: string;
  effect?: EffectClass;
  replayPolicy?: ReplayPolicy;
  requiresConfirmation?: boolean;
  inputs?: JsonObject;
  /** Names of the outputs that the function's result holds. */
  outputs?: readonly string[];
  /** Types of outputs; those that are not named may be anything. */
  outputTypes?: Readonly<Record<string, string>>;
  providerIdempotency?: boolean;
  /** The `status_probe` of its binding, with operations of the same module. */
  statusProbe?: JsonObject;
  /** The `safety` block of its file. */
  safety?: object;
  /** A second binding, which leads to another function under a service of its own. */
  fallback?: { service: string; operation: string };
};

/** The module under which the functions of inline capabilities stand. */
export const INLINE_MODULE = "inline";

/** A registry that exists in memory only, made of capabilities over native functions and of skill documents. */
export function inlineCatalog(parts: {
  capabilities: readonly InlineCapability[];
  skills: readonly object[];
}): RegistryCatalog {
  const importedAt = "2026-01-01T00:00:00.000Z";
  const stored = (document: object) => ({
    document: JSON.parse(JSON.stringify(document)),
    contentHash: `sha256:${hash("sha256", JSON.stringify(document))}`,
    importedAt,
  });
  return buildRegistryCatalog({
    capabilities: parts.capabilities.map((part) => {
      const document = {
        id: part.id,
        version: "1.0.0",
        description: `Inline capability ${part.id}.`,
        inputs: part.inputs ?? {},
        outputs: Object.fromEntries(
          (part.outputs ?? []).map((name) => [name, { type: part.outputTypes?.[name] }]),
        ),
        effect: {
          class: part.effect ?? "none",
          ...(part.replayPolicy === undefined ? {} : { replay_policy: part.replayPolicy }),
        },
        ...(part.safety !== undefined
          ? { safety: part.safety }
          : part.requiresConfirmation === true
            ? { safety: { trust_level: "standard", requires_confirmation: true } }
            : {}),
      };
      return { ...stored(document), capability: CapabilitySchema.parse(document) };
    }),
    bindings: parts.capabilities
      .flatMap((part) => {
        const { id, fallback } = part;
        const own = bindingOf(part, "inline", id);
        if (fallback === undefined) return [own];
        const other = bindingOf(part, fallback.service, fallback.operation);
        const metadata = { ...own.metadata, fallback_binding_id: other.id };
        return [{ ...own, metadata }, other];
      })
      .map((document) => ({
        ...stored(document),
        binding: BindingSchema.parse(document),
        revision: 1,
      })),
    services: [
      "inline",
      ...new Set(parts.capabilities.flatMap(({ fallback }) => fallback?.service ?? [])),
    ].map((id) => ({
      ...stored({ id }),
      service: ServiceSchema.parse({ id, kind: "builtin", module: INLINE_MODULE }),
      revision: 1,
    })),
    skills: parts.skills.map((document) => ({
      ...stored(document),
      skill: SkillSchema.parse(document),
      channel: "local",
    })),
    defaults: [],
  });
}

function bindingOf(part: InlineCapability, service: string, operation: string) {
  return {
    id: `${service}_${part.id}`,
    capability: part.id,
    service,
    protocol: "builtin",
    operation,
    request: Object.fromEntries(REQUEST_KEYS.map((key) => [key, `input.${key}`])),
    response: Object.fromEntries((part.outputs ?? []).map((name) => [name, `response.${name}`])),
    ...(part.statusProbe === undefined ? {} : { status_probe: part.statusProbe }),
    metadata: { provider_idempotency: part.providerIdempotency ?? false },
  };
}

/** Input names that reach the inline functions. */
const REQUEST_KEYS = ["value", "text", "item", "index", "items", "n", "key"];
