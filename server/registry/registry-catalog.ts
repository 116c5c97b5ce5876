import type { Binding, Service } from "../../core/binding.ts";
import type { Capability, EffectContract } from "../../core/capability.ts";
import type { SkillChannel } from "../../core/registry-document-kind.ts";
import type { Skill } from "../../core/skill.ts";

type CatalogEntry = { contentHash: string; importedAt: string };

export type CatalogCapability = CatalogEntry & {
  capability: Capability;
  effectContract: EffectContract;
};
export type CatalogSkill = CatalogEntry & { skill: Skill; channel: SkillChannel };
export type CatalogBinding = CatalogEntry & { binding: Binding; revision: number };
export type CatalogService = CatalogEntry & { service: Service; revision: number };

/** A tenant's registry at one revision, in memory. Nothing in it changes; a change of the registry makes a new one. */
export type RegistryCatalog = {
  /** The highest version of a capability, by its id, one of its aliases, or a newer or older name of it. */
  capability(id: string): CatalogCapability | null;
  /** One version of a skill, or the highest one where `version` is null. */
  skill(id: string, version: string | null): CatalogSkill | null;
  binding(id: string): CatalogBinding | null;
  service(id: string): CatalogService | null;
  /** The bindings of a capability by id; their `capability` is the id under which this registry knows it. */
  bindingsOf(capabilityId: string): readonly CatalogBinding[];
  /** Default binding by capability id: the environment's own before those of every environment. */
  defaults(environment: string | null): Readonly<Record<string, string>>;
  /** The highest version of each, ordered by id. */
  capabilities: readonly CatalogCapability[];
  skills: readonly CatalogSkill[];
  bindings: readonly CatalogBinding[];
  services: readonly CatalogService[];
};
