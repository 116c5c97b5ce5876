import type { Diagnostic } from "../../core/registry-diagnostic.ts";
import type { StoredDefault } from "../database/registry-rows.ts";
import { toDiagnostic, type RegistryDocument } from "./registry-document.ts";

/** A warning for every default that another one takes the place of: skills that run today would call something else. */
export function findChangedDefaults(
  documents: readonly RegistryDocument[],
  stored: readonly StoredDefault[],
): Diagnostic[] {
  return documents.flatMap((document) => {
    if (document.kind !== "default_selection") return [];
    const { defaults, environment = null } = document.selection;
    const present = new Map(
      stored
        .filter((each) => each.environment === environment)
        .map(({ capabilityId, bindingId }) => [capabilityId, bindingId]),
    );
    return Object.entries(defaults).flatMap(([capabilityId, bindingId]) => {
      const before = present.get(capabilityId);
      if (before === undefined || before === bindingId) return [];
      return toDiagnostic(document, {
        severity: "warning",
        code: "changed_default",
        pointer: ["defaults", capabilityId],
        message: `${capabilityId} was served by ${before}${environment === null ? "" : ` in ${environment}`}; from this import on ${bindingId} serves it.`,
        hint: `Take the line out to keep ${before}.`,
      });
    });
  });
}
