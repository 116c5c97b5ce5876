import type { Binding, Service } from "../../core/binding.ts";
import type { Capability } from "../../core/capability.ts";
import type { JsonObject } from "../../core/json.ts";
import type { SkillChannel } from "../../core/registry-document-kind.ts";
import type { Skill } from "../../core/skill.ts";

/** What every stored registry document has. `importedAt` is RFC 3339. */
export type StoredDocument = { document: JsonObject; contentHash: string; importedAt: string };

export type StoredCapability = StoredDocument & { capability: Capability };
export type StoredSkill = StoredDocument & { skill: Skill; channel: SkillChannel };
export type StoredBinding = StoredDocument & { binding: Binding; revision: number };
export type StoredService = StoredDocument & { service: Service; revision: number };

/** A default binding; for every environment where `environment` is null. */
export type StoredDefault = { environment: string | null; capabilityId: string; bindingId: string };

/** A tenant's whole registry: every version of capabilities and skills, the latest revision of bindings and services. */
export type RegistryRows = {
  capabilities: StoredCapability[];
  skills: StoredSkill[];
  bindings: StoredBinding[];
  services: StoredService[];
  defaults: StoredDefault[];
};

/** What a newly written document carries besides what it says. */
export type NewDocument = {
  document: JsonObject;
  contentHash: string;
  source: string;
  path: string;
  importId: string;
  importedAt: Date;
};

/** One revision in the history of a binding or service. */
export type DocumentRevision = { revision: number; contentHash: string; importedAt: string };
