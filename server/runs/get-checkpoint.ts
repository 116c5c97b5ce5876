import { toCheckpointView } from "../../core/checkpoint-views.ts";
import { checkpointSequenceOf } from "../../core/ids.ts";
import type { CheckpointView } from "../../core/run-view.ts";
import type { CallContext } from "../api/call-context.ts";
import { findLatestCheckpoint } from "../database/checkpoint-loader.ts";
import { readEvents } from "../database/event-reader.ts";
import { markPinned } from "./mark-pinned.ts";
import { checkpointNotFound } from "./checkpoint-not-found.ts";
import { getRunSummary } from "./get-run-summary.ts";

/** Names one checkpoint of one run; `latest` is the newest one. */
export type CheckpointRef = { run_id: string; checkpoint_id: string };

/** One checkpoint; `run_not_found` or `checkpoint_not_found` where the tenant's run has none of that id. */
export async function getCheckpoint(
  ctx: CallContext,
  { run_id: runId, checkpoint_id: checkpointId }: CheckpointRef,
): Promise<CheckpointView> {
  await getRunSummary(ctx, runId);
  const { database } = ctx.dependencies;
  const sequence =
    checkpointId === "latest"
      ? await findLatestCheckpoint(database.pool, { tenantId: ctx.tenantId, runId })
      : checkpointSequenceOf(runId, checkpointId);
  const view = sequence === null ? null : await findCheckpointAt(ctx, runId, sequence);
  if (view === null) throw checkpointNotFound(runId, checkpointId);
  return view;
}

/** The checkpoint at a place in a run's sequence, or null where there is none. */
export async function findCheckpointAt(
  ctx: CallContext,
  runId: string,
  sequence: number,
): Promise<CheckpointView | null> {
  const { tenantId, dependencies } = ctx;
  const after = sequence - 1;
  const [event] = await readEvents(dependencies.database, { tenantId, runId, after, limit: 1 });
  const view = event?.sequence === sequence ? toCheckpointView(event) : null;
  const [checkpoint = null] = view === null ? [] : await markPinned(ctx, runId, [view]);
  return checkpoint;
}
