import { DomainError } from "../../../core/errors.ts";
import type { RegistryReader } from "../registry-reader.ts";

const nothing = () => Promise.resolve({ items: [], next_cursor: null });
const none = () => Promise.resolve([]);
const missing = () => Promise.reject(new DomainError("not_found", "The registry is empty."));

/** A registry without entries, for tests that are not about it. */
export const EMPTY_REGISTRY: RegistryReader = {
  listCapabilities: nothing,
  getCapability: missing,
  listCapabilityVersions: none,
  listSkills: nothing,
  getSkill: missing,
  listSkillVersions: none,
  getSkillGraph: missing,
  getSkillPlan: missing,
  listBindings: nothing,
  getBinding: missing,
  listBindingRevisions: none,
  listServices: nothing,
  getService: missing,
  listServiceRevisions: none,
  forget: () => undefined,
  importDocuments: (_tenantId, documents) =>
    Promise.resolve({
      imported: {
        capabilities: documents.length,
        skills: 0,
        bindings: 0,
        services: 0,
        defaults: 0,
      },
      diagnostics: [],
    }),
};
