import { DomainError } from "../../core/errors.ts";
import type { RunSummary } from "../../core/run-view.ts";
import { isTerminal } from "../../core/run.ts";
import type { CallContext } from "../api/call-context.ts";
import { assertNoRecord } from "./assert-no-record.ts";
import { commandRun } from "./command-run.ts";
import { getRunSummary } from "./get-run-summary.ts";

/**
 * Lets a paused, failed or canceled run go on, or a fork that waits begin; answers once that is durable. Throws
 * `invalid_transition` where its status does not allow it; `invalid_request` for a canceled run without a reason, for
 * a nested run that has ended, and for an imported record.
 */
export async function resumeRun(
  ctx: CallContext,
  input: { run_id: string; reason?: string | undefined },
): Promise<{ run: RunSummary }> {
  const run = await getRunSummary(ctx, input.run_id);
  if (isTerminal(run.status)) assertMayGoOn(run, input.reason);
  return commandRun(ctx, input.run_id, {
    kind: "resume",
    ...(input.reason === undefined ? {} : { reason: input.reason }),
  });
}

function assertMayGoOn(run: RunSummary, reason: string | undefined): void {
  assertNoRecord(run);
  if (run.parent_run_id !== null) {
    throw new DomainError(
      "invalid_request",
      `Run ${run.run_id} has ended, and run ${run.parent_run_id} knows how.`,
      {
        hint: "Resume the run that it belongs to.",
        details: { parent_run_id: run.parent_run_id },
      },
    );
  }
  if (run.status === "canceled" && reason === undefined) {
    throw new DomainError("invalid_request", "A canceled run is resumed for a reason.", {
      hint: "Say in `reason` why it may go on.",
      details: { run_id: run.run_id },
    });
  }
}
