import { DomainError } from "../../core/errors.ts";

/** The answer to an id that the tenant has no effect for, whoever else may have one. */
export function effectNotFound(effectId: string): DomainError {
  return new DomainError("not_found", `There is no effect ${effectId}.`, {
    hint: "List effects with GET /api/v1/effects.",
    details: { effect_id: effectId },
  });
}
