import { getCheckpoint } from "../../runs/get-checkpoint.ts";
import { getCheckpointChanges } from "../../runs/get-checkpoint-changes.ts";
import { getCheckpointState } from "../../runs/get-checkpoint-state.ts";
import { listRunCheckpoints } from "../../runs/list-run-checkpoints.ts";
import { pinCheckpoint } from "../../runs/pin-checkpoint.ts";
import { unpinCheckpoint } from "../../runs/unpin-checkpoint.ts";
import {
  CheckpointAnswerSchema,
  CheckpointChangesSchema,
  CheckpointsFilterSchema,
  CheckpointStateSchema,
  CheckpointViewSchema,
  OneCheckpointSchema,
} from "../checkpoint-schemas.ts";
import { listOf } from "../list-schemas.ts";
import { operation, router } from "../operation.ts";

const tag = "Checkpoints";

/** Where a run's state can be rebuilt, what it was there, and which of these places are to be kept. */
export const checkpointsRouter = router({
  list: operation({
    method: "GET",
    path: "/runs/{run_id}/checkpoints",
    permission: "run:read",
    tag,
    summary: "List a run's checkpoints in order",
  })
    .input(CheckpointsFilterSchema)
    .output(listOf(CheckpointViewSchema))
    .query(({ ctx, input }) => listRunCheckpoints(ctx, input)),

  get: operation({
    method: "GET",
    path: "/runs/{run_id}/checkpoints/{checkpoint_id}",
    permission: "run:read",
    tag,
    summary: "Get one checkpoint",
  })
    .input(OneCheckpointSchema)
    .output(CheckpointViewSchema)
    .query(({ ctx, input }) => getCheckpoint(ctx, input)),

  state: operation({
    method: "GET",
    path: "/runs/{run_id}/checkpoints/{checkpoint_id}/state",
    permission: "run:read",
    tag,
    summary: "Get the run's state as of a checkpoint",
  })
    .input(OneCheckpointSchema)
    .output(CheckpointStateSchema)
    .query(({ ctx, input }) => getCheckpointState(ctx, input)),

  changes: operation({
    method: "GET",
    path: "/runs/{run_id}/checkpoints/{checkpoint_id}/changes",
    permission: "run:read",
    tag,
    summary: "List what changed in the state since the checkpoint before",
  })
    .input(OneCheckpointSchema)
    .output(CheckpointChangesSchema)
    .query(({ ctx, input }) => getCheckpointChanges(ctx, input)),

  pin: operation({
    method: "POST",
    path: "/runs/{run_id}/checkpoints/{checkpoint_id}/pin",
    permission: "checkpoint:pin",
    tag,
    summary: "Pin a checkpoint, so that it is kept",
  })
    .input(OneCheckpointSchema)
    .output(CheckpointAnswerSchema)
    .mutation(({ ctx, input }) => pinCheckpoint(ctx, input)),

  unpin: operation({
    method: "POST",
    path: "/runs/{run_id}/checkpoints/{checkpoint_id}/unpin",
    permission: "checkpoint:pin",
    tag,
    summary: "Take a checkpoint's pin away",
  })
    .input(OneCheckpointSchema)
    .output(CheckpointAnswerSchema)
    .mutation(({ ctx, input }) => unpinCheckpoint(ctx, input)),
});
