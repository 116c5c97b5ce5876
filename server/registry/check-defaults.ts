import type { DefaultSelection } from "../../core/registry-default-selection.ts";
import type { DocumentIssue } from "../../core/registry-diagnostic.ts";
import type { RegistryCatalog } from "./registry-catalog.ts";

/** Default selections judged: each capability and binding is known, and they belong together. */
export function checkDefaults(
  { defaults }: DefaultSelection,
  catalog: RegistryCatalog,
): DocumentIssue[] {
  return Object.entries(defaults).flatMap(([capabilityId, bindingId]) =>
    checkDefault(capabilityId, bindingId, catalog),
  );
}

function checkDefault(
  capabilityId: string,
  bindingId: string,
  catalog: RegistryCatalog,
): DocumentIssue[] {
  const pointer = ["defaults", capabilityId];
  const capability = catalog.capability(capabilityId)?.capability;
  if (capability === undefined) {
    return [
      {
        severity: "error",
        code: "unknown_capability",
        pointer,
        at: "key",
        message: `Capability ${capabilityId} is neither in this import nor in the registry.`,
        hint: "Import it in the same import, or take the line out.",
      },
    ];
  }
  const binding = catalog.binding(bindingId)?.binding;
  if (binding === undefined) {
    return [
      {
        severity: "error",
        code: "unknown_binding",
        pointer,
        message: `Binding ${bindingId} is neither in this import nor in the registry.`,
        hint: `Import it in the same import, or name another binding of ${capabilityId}.`,
      },
    ];
  }
  if (catalog.capability(binding.capability)?.capability.id === capability.id) return [];
  return [
    {
      severity: "error",
      code: "unknown_binding",
      pointer,
      message: `Binding ${bindingId} is a binding of ${binding.capability}, not of ${capabilityId}.`,
      hint: `Name a binding of ${capabilityId}.`,
    },
  ];
}
