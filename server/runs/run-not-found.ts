import { DomainError } from "../../core/errors.ts";

/** The answer to an id that the tenant has no run for, whoever else may have one. */
export function runNotFound(runId: string): DomainError {
  return new DomainError("run_not_found", `There is no run ${runId}.`, {
    hint: "List runs with GET /api/v1/runs.",
    details: { run_id: runId },
  });
}
