import type { CheckpointChangesView } from "../../core/run-view.ts";
import { listStateChanges } from "../../core/state-changes.ts";
import { toStateView, UNKNOWN_STATE } from "../../core/state-view.ts";
import type { CallContext } from "../api/call-context.ts";
import type { CheckpointRef } from "./get-checkpoint.ts";
import { getRunAtCheckpoint } from "./get-run-at-checkpoint.ts";

/** How the state at a checkpoint differs from the one before, or from nothing where it is the run's first. */
export async function getCheckpointChanges(
  ctx: CallContext,
  ref: CheckpointRef,
): Promise<CheckpointChangesView> {
  const { checkpoint, rebuilt } = await getRunAtCheckpoint(ctx, ref);
  const before = await rebuilt.getStateBefore();
  return {
    checkpoint,
    ...listStateChanges(
      before === null ? UNKNOWN_STATE : toStateView(before),
      toStateView(rebuilt.state),
    ),
  };
}
