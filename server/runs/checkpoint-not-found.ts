import { DomainError } from "../../core/errors.ts";

/** The answer to an id that is not one of the run's checkpoints, whatever else it may name. */
export function checkpointNotFound(runId: string, checkpointId: string): DomainError {
  return new DomainError(
    "checkpoint_not_found",
    checkpointId === "latest"
      ? `Run ${runId} has no checkpoint yet.`
      : `Run ${runId} has no checkpoint ${checkpointId}.`,
    {
      hint: `List its checkpoints with GET /api/v1/runs/${runId}/checkpoints.`,
      details: { run_id: runId, checkpoint_id: checkpointId },
    },
  );
}
