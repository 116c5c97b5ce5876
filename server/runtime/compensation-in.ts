import { compileCompensation, type Compensation } from "../../core/compensation-mapping.ts";
import { toErrorRecord } from "../../core/errors.ts";
import type { RegistryCatalog } from "../registry/registry-catalog.ts";

/** How the effects of a capability of this registry are undone, or why they are not. */
export function compensationIn(
  catalog: RegistryCatalog,
  capabilityId: string,
): Compensation | { reason: string } {
  const entry = catalog.capability(capabilityId);
  if (entry === null) return { reason: `the registry has no ${capabilityId} any more` };
  try {
    const compensation = compileCompensation(entry.capability);
    if (compensation === null) return { reason: `${capabilityId} has no compensation` };
    if (catalog.capability(compensation.uses) !== null) return compensation;
    return { reason: `the registry has no ${compensation.uses}, which would undo it` };
  } catch (error) {
    return { reason: `its compensation cannot be used: ${toErrorRecord(error).message}` };
  }
}
