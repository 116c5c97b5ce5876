import type { CheckpointView } from "../../core/run-view.ts";
import type { CallContext } from "../api/call-context.ts";
import { deleteCheckpointPin } from "../database/checkpoint-pin-repository.ts";
import { getCheckpoint, type CheckpointRef } from "./get-checkpoint.ts";

/** Takes a checkpoint's pin away. Unpinning one that has none changes nothing. */
export async function unpinCheckpoint(
  ctx: CallContext,
  ref: CheckpointRef,
): Promise<{ checkpoint: CheckpointView }> {
  const checkpoint = await getCheckpoint(ctx, ref);
  await deleteCheckpointPin(ctx.dependencies.database, {
    tenantId: ctx.tenantId,
    runId: ref.run_id,
    sequence: checkpoint.sequence,
  });
  return { checkpoint: { ...checkpoint, pinned: false } };
}
