import type { JsonObject } from "../../core/json.ts";
import { findLatestVersion } from "../../core/registry-version.ts";
import type { Diagnostic } from "../../core/registry-diagnostic.ts";
import { extendCapability, type BaseCapability } from "../../core/registry-extends.ts";
import type { StoredCapability } from "../database/registry-rows.ts";
import { contentHashOf } from "./content-hash.ts";
import { readContent } from "./read-document.ts";
import { toDiagnostic, type RegistryDocument } from "./registry-document.ts";

/** Gives every capability of an import what it inherits, from the import first and the registry second. */
export function mergeBases(
  documents: RegistryDocument[],
  stored: StoredCapability[],
): { documents: RegistryDocument[]; diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const findBase = baseFinder(documents, stored);
  const merged = documents.map((document) => {
    if (document.kind !== "capability" || document.capability.extends === undefined)
      return document;
    const extended = extendCapability(document.value, findBase);
    const { content, issues } = readContent("capability", extended.document, { kind: "unknown" });
    diagnostics.push(
      ...[...extended.issues, ...issues].map((issue) => toDiagnostic(document, issue)),
    );
    if (content === null) return document;
    return {
      ...document,
      ...content,
      value: extended.document,
      contentHash: contentHashOf(extended.document),
    };
  });
  return { documents: merged, diagnostics };
}

function baseFinder(
  documents: RegistryDocument[],
  stored: StoredCapability[],
): (id: string) => BaseCapability | null {
  const versions = new Map<string, Map<string, { document: JsonObject; isMerged: boolean }>>();
  const add = (id: string, version: string, base: BaseCapability) => {
    versions.set(id, (versions.get(id) ?? new Map<string, BaseCapability>()).set(version, base));
  };
  for (const { capability, document } of stored)
    add(capability.id, capability.version, { document, isMerged: true });
  for (const document of documents) {
    if (document.kind !== "capability") continue;
    const { id, version } = document.capability;
    add(id, version, {
      document: document.value,
      isMerged: document.capability.extends === undefined,
    });
  }
  return (id) => {
    const known = versions.get(id);
    const latest = known === undefined ? null : findLatestVersion(known.keys());
    return latest === null ? null : (known?.get(latest) ?? null);
  };
}
