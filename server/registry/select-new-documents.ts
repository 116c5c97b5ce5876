import type { Diagnostic } from "../../core/registry-diagnostic.ts";
import type { RegistryRows, StoredDefault } from "../database/registry-rows.ts";
import { identityOf, toDiagnostic, type RegistryDocument } from "./registry-document.ts";

export type NewCapability = Extract<RegistryDocument, { kind: "capability" }>;
export type NewSkill = Extract<RegistryDocument, { kind: "skill" }>;
export type NewBinding = Extract<RegistryDocument, { kind: "binding" }> & { revision: number };
export type NewService = Extract<RegistryDocument, { kind: "service" }> & { revision: number };

/** What of an import is not stored yet, and the versions that are stored with other content. */
export type NewDocuments = {
  capabilities: NewCapability[];
  skills: NewSkill[];
  bindings: NewBinding[];
  services: NewService[];
  defaults: StoredDefault[];
  conflicts: Diagnostic[];
};

/**
 * Sorts out what is new. Stored content again is nothing new; a stored version with other content is a conflict; a
 * binding or service with other content becomes the next revision. Of two documents with one identity the first counts.
 */
export function selectNewDocuments(
  documents: RegistryDocument[],
  rows: RegistryRows,
): NewDocuments {
  const stored = listStored(rows);
  const news: NewDocuments = {
    capabilities: [],
    skills: [],
    bindings: [],
    services: [],
    defaults: newDefaults(documents, rows.defaults),
    conflicts: [],
  };
  const seen = new Set<string>();
  for (const document of documents) {
    const identity = identityOf(document);
    if (identity === null || seen.has(identity)) continue;
    seen.add(identity);
    const known = stored.get(identity);
    if (known?.contentHash === document.contentHash) continue;
    const revision = (known?.revision ?? 0) + 1;
    if (document.kind === "binding") news.bindings.push({ ...document, revision });
    else if (document.kind === "service") news.services.push({ ...document, revision });
    else if (known !== undefined)
      news.conflicts.push(versionConflict(document, identity, known.contentHash));
    else if (document.kind === "capability") news.capabilities.push(document);
    else if (document.kind === "skill") news.skills.push(document);
  }
  return news;
}

function listStored(
  rows: RegistryRows,
): Map<string, { contentHash: string; revision: number | null }> {
  const stored = new Map<string, { contentHash: string; revision: number | null }>();
  const add = (
    content: Parameters<typeof identityOf>[0],
    contentHash: string,
    revision: number | null,
  ) => {
    const identity = identityOf(content);
    if (identity !== null) stored.set(identity, { contentHash, revision });
  };
  for (const { capability, contentHash } of rows.capabilities)
    add({ kind: "capability", capability }, contentHash, null);
  for (const { skill, channel, contentHash } of rows.skills)
    add({ kind: "skill", skill, channel }, contentHash, null);
  for (const { binding, contentHash, revision } of rows.bindings)
    add({ kind: "binding", binding }, contentHash, revision);
  for (const { service, contentHash, revision } of rows.services)
    add({ kind: "service", service }, contentHash, revision);
  return stored;
}

/** Defaults that differ from the stored ones; the last document that sets one counts. */
function newDefaults(documents: RegistryDocument[], stored: StoredDefault[]): StoredDefault[] {
  const keyOf = (each: StoredDefault) => `${each.environment ?? ""} ${each.capabilityId}`;
  const known = new Map(stored.map((each) => [keyOf(each), each.bindingId]));
  const news = new Map<string, StoredDefault>();
  for (const document of documents) {
    if (document.kind !== "default_selection") continue;
    const { defaults, environment = null } = document.selection;
    for (const [capabilityId, bindingId] of Object.entries(defaults)) {
      const each = { environment, capabilityId, bindingId };
      if (known.get(keyOf(each)) === bindingId) news.delete(keyOf(each));
      else news.set(keyOf(each), each);
    }
  }
  return [...news.values()];
}

function versionConflict(
  document: RegistryDocument,
  identity: string,
  storedHash: string,
): Diagnostic {
  return toDiagnostic(document, {
    severity: "error",
    code: "version_conflict",
    pointer: ["version"],
    message: `The registry has ${identity} with other content: sha256 ${storedHash}, here ${document.contentHash}.`,
    hint: "Versions never change: raise the version.",
  });
}
