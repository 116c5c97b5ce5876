import type { CheckpointView } from "../../core/run-view.ts";
import type { CallContext } from "../api/call-context.ts";
import { insertCheckpointPin } from "../database/checkpoint-pin-repository.ts";
import { getCheckpoint, type CheckpointRef } from "./get-checkpoint.ts";

/** Marks a checkpoint as one to keep. Pinning a pinned one changes nothing. */
export async function pinCheckpoint(
  ctx: CallContext,
  ref: CheckpointRef,
): Promise<{ checkpoint: CheckpointView }> {
  const checkpoint = await getCheckpoint(ctx, ref);
  await insertCheckpointPin(ctx.dependencies.database, {
    tenantId: ctx.tenantId,
    runId: ref.run_id,
    sequence: checkpoint.sequence,
    pinnedBy: ctx.actor,
    pinnedAt: ctx.dependencies.now(),
  });
  return { checkpoint: { ...checkpoint, pinned: true } };
}
