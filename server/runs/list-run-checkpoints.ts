import { z } from "zod";
import { toCheckpointView } from "../../core/checkpoint-views.ts";
import type { CheckpointView, RunSummary } from "../../core/run-view.ts";
import type { CallContext } from "../api/call-context.ts";
import { decodeCursor, encodeCursor } from "../api/list-cursor.ts";
import { listPinnedSequences } from "../database/checkpoint-pin-repository.ts";
import { followHistory } from "./follow-history.ts";
import { findCheckpointAt } from "./get-checkpoint.ts";
import { getRunSummary } from "./get-run-summary.ts";
import { markPinned } from "./mark-pinned.ts";

/** Between two checkpoints, as a rule; so that one page of events holds a page of checkpoints. */
const EVENTS_PER_CHECKPOINT = 6;

type HistoryRange = { run: RunSummary; after: number; most: number };

/** A page of a run's checkpoints, oldest first; with `pinned`, only those that are. */
export async function listRunCheckpoints(
  ctx: CallContext,
  input: {
    run_id: string;
    pinned?: boolean | undefined;
    cursor?: string | undefined;
    limit: number;
  },
): Promise<{ items: CheckpointView[]; next_cursor: string | null }> {
  const run = await getRunSummary(ctx, input.run_id);
  const after =
    input.cursor === undefined
      ? 0
      : Math.min(decodeCursor(input.cursor, z.int().min(0)), run.head_sequence);
  // One more than asked for tells whether another page follows.
  const range = { run, after, most: input.limit + 1 };
  const found = await (input.pinned === true ? listPinned(ctx, range) : listAll(ctx, range));
  const items = found.slice(0, input.limit);
  const last = items.at(-1);
  const isMore = found.length > items.length && last !== undefined;
  return { items, next_cursor: isMore ? encodeCursor(last.sequence) : null };
}

async function listAll(
  ctx: CallContext,
  { run, after, most }: HistoryRange,
): Promise<CheckpointView[]> {
  const found: CheckpointView[] = [];
  for await (const page of followHistory(ctx, run, after, most * EVENTS_PER_CHECKPOINT)) {
    for (const envelope of page) {
      const view = toCheckpointView(envelope);
      if (view !== null) found.push(view);
      if (found.length === most) return markPinned(ctx, run.run_id, found);
    }
  }
  return markPinned(ctx, run.run_id, found);
}

async function listPinned(
  ctx: CallContext,
  { run, after, most }: HistoryRange,
): Promise<CheckpointView[]> {
  const sequences = await listPinnedSequences(ctx.dependencies.database, {
    tenantId: ctx.tenantId,
    runId: run.run_id,
    after,
    limit: most,
  });
  const found: CheckpointView[] = [];
  for (const sequence of sequences) {
    const view = await findCheckpointAt(ctx, run, sequence);
    if (view !== null) found.push(view);
  }
  return found;
}
