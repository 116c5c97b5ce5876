import { STATE_VERSION } from "../../core/run-state.ts";
import type { CheckpointStateView } from "../../core/run-view.ts";
import { toStateView } from "../../core/state-view.ts";
import type { CallContext } from "../api/call-context.ts";
import { getCheckpoint, type CheckpointRef } from "./get-checkpoint.ts";

/** The run's state as of a checkpoint, rebuilt and checked against its hashes. */
export async function getCheckpointState(
  ctx: CallContext,
  ref: CheckpointRef,
): Promise<CheckpointStateView> {
  const checkpoint = await getCheckpoint(ctx, ref);
  const run = { tenantId: ctx.tenantId, runId: ref.run_id };
  const state = await ctx.dependencies.checkpointStates.getState(run, checkpoint.sequence);
  return { checkpoint, state_version: STATE_VERSION, state: toStateView(state) };
}
