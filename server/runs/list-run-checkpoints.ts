import { z } from "zod";
import { toCheckpointView } from "../../core/checkpoint-views.ts";
import type { CheckpointView } from "../../core/run-view.ts";
import type { CallContext } from "../api/call-context.ts";
import { followHistory } from "./follow-history.ts";
import { getRunSummary } from "./get-run-summary.ts";
import { decodeCursor, encodeCursor } from "../api/list-cursor.ts";

/** Of three events or so one is a checkpoint. */
const PAGE_EVENTS = 1000;

/** A page of a run's checkpoints, oldest first. */
export async function listRunCheckpoints(
  ctx: CallContext,
  input: { run_id: string; cursor?: string | undefined; limit: number },
): Promise<{ items: CheckpointView[]; next_cursor: string | null }> {
  const run = await getRunSummary(ctx, input.run_id);
  const after = input.cursor === undefined ? 0 : decodeCursor(input.cursor, z.int().min(0));
  const items: CheckpointView[] = [];
  for await (const page of followHistory(ctx, run, after, PAGE_EVENTS)) {
    for (const envelope of page) {
      const view = toCheckpointView(envelope);
      const last = items.at(-1);
      if (view !== null && last !== undefined && items.length === input.limit) {
        return { items, next_cursor: encodeCursor(last.sequence) };
      }
      if (view !== null) items.push(view);
    }
  }
  return { items, next_cursor: null };
}
