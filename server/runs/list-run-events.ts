import type { EventEnvelope } from "../../core/run-events.ts";
import type { CallContext } from "../api/call-context.ts";
import { readEvents } from "../database/event-reader.ts";
import { getRunSummary } from "./get-run-summary.ts";

/** A page of a run's durable events in order; `next_cursor` is the `after` of the next page. */
export async function listRunEvents(
  ctx: CallContext,
  input: { run_id: string; after: number; limit: number },
): Promise<{ items: EventEnvelope[]; next_cursor: string | null }> {
  const run = await getRunSummary(ctx, input.run_id);
  const items = await readEvents(ctx.dependencies.database, {
    tenantId: ctx.tenantId,
    runId: input.run_id,
    after: input.after,
    limit: input.limit,
  });
  const last = items.at(-1);
  return {
    items,
    next_cursor:
      last !== undefined && last.sequence < run.head_sequence ? String(last.sequence) : null,
  };
}
