import { checkpointSequenceOf } from "../../core/ids.ts";
import type { CheckpointChangesView } from "../../core/run-view.ts";
import { listStateChanges } from "../../core/state-changes.ts";
import { toStateView, UNKNOWN_STATE } from "../../core/state-view.ts";
import type { CallContext } from "../api/call-context.ts";
import { getCheckpoint, type CheckpointRef } from "./get-checkpoint.ts";

/** How the state at a checkpoint differs from the one before, or from nothing where it is the run's first. */
export async function getCheckpointChanges(
  ctx: CallContext,
  ref: CheckpointRef,
): Promise<CheckpointChangesView> {
  const checkpoint = await getCheckpoint(ctx, ref);
  const stateAt = async (sequence: number) =>
    toStateView(
      await ctx.dependencies.checkpointStates.getState(
        { tenantId: ctx.tenantId, runId: ref.run_id },
        sequence,
      ),
    );
  const after = await stateAt(checkpoint.sequence);
  const { parent_checkpoint_id: parentId } = checkpoint;
  const parent = parentId === null ? null : checkpointSequenceOf(ref.run_id, parentId);
  const before = parent === null ? UNKNOWN_STATE : await stateAt(parent);
  return { checkpoint, ...listStateChanges(before, after) };
}
