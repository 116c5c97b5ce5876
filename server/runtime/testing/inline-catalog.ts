import { hash } from "node:crypto";
import { BindingSchema, ServiceSchema } from "../../../core/binding.ts";
import { CapabilitySchema, type EffectClass } from "../../../core/capability.ts";
import type { JsonObject } from "../../../core/json.ts";
import { SkillSchema } from "../../../core/skill.ts";
import { buildRegistryCatalog } from "../../registry/build-registry-catalog.ts";
import type { RegistryCatalog } from "../../registry/registry-catalog.ts";

/** A capability `<id>` served by the native function of the same name in module `inline`. */
export type InlineCapability = {
  id: string;
  effect?: EffectClass;
  requiresConfirmation?: boolean;
  inputs?: JsonObject;
  /** Names of the outputs that the function's result holds. */
  outputs?: readonly string[];
  providerIdempotency?: boolean;
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
          (part.outputs ?? []).map((name) => [name, { type: undefined }]),
        ),
        effect: { class: part.effect ?? "none" },
        ...(part.requiresConfirmation === true
          ? { safety: { trust_level: "elevated", requires_confirmation: true } }
          : {}),
      };
      return { ...stored(document), capability: CapabilitySchema.parse(document) };
    }),
    bindings: parts.capabilities.map((part) => {
      const document = {
        id: `inline_${part.id}`,
        capability: part.id,
        service: "inline",
        protocol: "builtin",
        operation: part.id,
        request: Object.fromEntries(REQUEST_KEYS.map((key) => [key, `input.${key}`])),
        response: Object.fromEntries(
          (part.outputs ?? []).map((name) => [name, `response.${name}`]),
        ),
        metadata: { provider_idempotency: part.providerIdempotency ?? false },
      };
      return { ...stored(document), binding: BindingSchema.parse(document), revision: 1 };
    }),
    services: [
      {
        ...stored({ id: "inline" }),
        service: ServiceSchema.parse({ id: "inline", kind: "builtin", module: INLINE_MODULE }),
        revision: 1,
      },
    ],
    skills: parts.skills.map((document) => ({
      ...stored(document),
      skill: SkillSchema.parse(document),
      channel: "local",
    })),
    defaults: [],
  });
}

/** Input names that reach the inline functions. */
const REQUEST_KEYS = ["value", "text", "item", "index", "items", "n", "key"];
