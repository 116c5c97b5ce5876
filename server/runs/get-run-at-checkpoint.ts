import { toCheckpointView } from "../../core/checkpoint-views.ts";
import { toEnvelope } from "../../core/run-events.ts";
import type { CheckpointView } from "../../core/run-view.ts";
import type { CallContext } from "../api/call-context.ts";
import type { RebuiltRun } from "../runtime/checkpoint-states.ts";
import { checkpointNotFound } from "./checkpoint-not-found.ts";
import { findCheckpointSequence, type CheckpointRef } from "./get-checkpoint.ts";
import { getRunSummary } from "./get-run-summary.ts";
import { markPinned } from "./mark-pinned.ts";

/** A checkpoint together with the run as of it, read once; refusals as those of `getCheckpoint`. */
export async function getRunAtCheckpoint(
  ctx: CallContext,
  { run_id: runId, checkpoint_id: checkpointId }: CheckpointRef,
): Promise<{ checkpoint: CheckpointView; rebuilt: RebuiltRun }> {
  const { trace_id: traceId } = await getRunSummary(ctx, runId);
  const run = { tenantId: ctx.tenantId, runId };
  const sequence = await findCheckpointSequence(ctx, runId, checkpointId);
  const rebuilt =
    sequence === null ? null : await ctx.dependencies.checkpointStates.findRun(run, sequence);
  const view =
    rebuilt === null ? null : toCheckpointView(toEnvelope({ ...run, traceId }, rebuilt.saved));
  if (rebuilt === null || view === null) throw checkpointNotFound(runId, checkpointId);
  const [checkpoint = view] = await markPinned(ctx, runId, [view]);
  return { checkpoint, rebuilt };
}
