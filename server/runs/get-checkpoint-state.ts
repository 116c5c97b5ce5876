import { STATE_VERSION } from "../../core/run-state.ts";
import type { CheckpointStateView } from "../../core/run-view.ts";
import { toStateView } from "../../core/state-view.ts";
import type { CallContext } from "../api/call-context.ts";
import type { CheckpointRef } from "./get-checkpoint.ts";
import { getRunAtCheckpoint } from "./get-run-at-checkpoint.ts";

/** The run's state as of a checkpoint, rebuilt and checked against its hashes. */
export async function getCheckpointState(
  ctx: CallContext,
  ref: CheckpointRef,
): Promise<CheckpointStateView> {
  const { checkpoint, rebuilt } = await getRunAtCheckpoint(ctx, ref);
  return { checkpoint, state_version: STATE_VERSION, state: toStateView(rebuilt.state) };
}
