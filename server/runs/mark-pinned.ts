import type { CheckpointView } from "../../core/run-view.ts";
import type { CallContext } from "../api/call-context.ts";
import { listPinnedSequences } from "../database/checkpoint-pin-repository.ts";

/** The checkpoints of a run, in order of their sequence, with those marked that are pinned. */
export async function markPinned(
  ctx: CallContext,
  runId: string,
  checkpoints: readonly CheckpointView[],
): Promise<CheckpointView[]> {
  const [first] = checkpoints;
  if (first === undefined) return [];
  const pinned = new Set(
    await listPinnedSequences(ctx.dependencies.database, {
      tenantId: ctx.tenantId,
      runId,
      after: first.sequence - 1,
      limit: checkpoints.length,
    }),
  );
  return checkpoints.map((checkpoint) => ({
    ...checkpoint,
    pinned: pinned.has(checkpoint.sequence),
  }));
}
