import { toCheckpointView } from "../../core/checkpoint-views.ts";
import { checkpointSequenceOf } from "../../core/ids.ts";
import { toEnvelope } from "../../core/run-events.ts";
import type { CheckpointView, RunSummary } from "../../core/run-view.ts";
import type { CallContext } from "../api/call-context.ts";
import { findEventAt, findLatestCheckpoint } from "../database/checkpoint-loader.ts";
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
  const run = await getRunSummary(ctx, runId);
  const sequence = await findCheckpointSequence(ctx, runId, checkpointId);
  const view = sequence === null ? null : await findCheckpointAt(ctx, run, sequence);
  if (view === null) throw checkpointNotFound(runId, checkpointId);
  return view;
}

/** The sequence that a checkpoint's id or `latest` names; null for other texts, and where a run has no checkpoint yet. */
export async function findCheckpointSequence(
  { tenantId, dependencies }: CallContext,
  runId: string,
  checkpointId: string,
): Promise<number | null> {
  return checkpointId === "latest"
    ? await findLatestCheckpoint(dependencies.database.pool, { tenantId, runId })
    : checkpointSequenceOf(runId, checkpointId);
}

/** The checkpoint at a place in a run's sequence, or null where there is none. */
export async function findCheckpointAt(
  ctx: CallContext,
  { run_id: runId, trace_id: traceId }: Pick<RunSummary, "run_id" | "trace_id">,
  sequence: number,
): Promise<CheckpointView | null> {
  const { tenantId, dependencies } = ctx;
  const event = await findEventAt(dependencies.database.pool, { tenantId, runId }, sequence);
  const view =
    event === null ? null : toCheckpointView(toEnvelope({ tenantId, runId, traceId }, event));
  const [checkpoint = null] = view === null ? [] : await markPinned(ctx, runId, [view]);
  return checkpoint;
}
