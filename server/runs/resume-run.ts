import type { z } from "zod";
import { DomainError } from "../../core/errors.ts";
import type { RunSummary } from "../../core/run-view.ts";
import { isTerminal } from "../../core/run.ts";
import type { CallContext } from "../api/call-context.ts";
import { PlanReplaySchema, type ResumeRunSchema } from "../api/replay-schemas.ts";
import { assertNoRecord } from "./assert-no-record.ts";
import { commandRun } from "./command-run.ts";
import { getRunSummary } from "./get-run-summary.ts";
import { findPlan } from "./plan-replay.ts";

/**
 * Lets a paused, failed or canceled run go on, or a fork that waits begin; answers once that is durable. Throws
 * `invalid_transition` where its status does not allow it; `invalid_request` for a canceled run without a reason, for
 * a nested run that has ended, and for an imported record; `plan_outdated` where another plan would be carried out.
 */
export async function resumeRun(
  ctx: CallContext,
  input: z.output<typeof ResumeRunSchema>,
): Promise<{ run: RunSummary }> {
  const { run_id: runId, reason, overrides, plan_hash: planHash } = input;
  const run = await getRunSummary(ctx, runId);
  if (isTerminal(run.status)) assertMayGoOn(run, reason);
  const hasOverrides = Object.keys(overrides).length > 0;
  // Whether the caller may choose so is known here; whether the plan still holds is checked by whoever carries it out.
  if (hasOverrides)
    await findPlan(ctx, PlanReplaySchema.parse({ run_id: runId, operation: "resume", overrides }));
  return commandRun(ctx, runId, {
    kind: "resume",
    ...(reason === undefined ? {} : { reason }),
    ...(hasOverrides ? { overrides } : {}),
    ...(planHash === undefined ? {} : { planHash }),
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
