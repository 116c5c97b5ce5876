import type { EventEnvelope } from "../../core/run-events.ts";
import type { CallContext } from "../api/call-context.ts";
import { readEvents } from "../database/event-reader.ts";

/** A page is bounded by its bytes first; a smaller one would read large segments again and again. */
const PAGE_EVENTS = 10_000;

/** The events of a run after `after` up to the head that it had when it was read, page by page. */
export async function* followHistory(
  ctx: CallContext,
  run: { run_id: string; head_sequence: number },
  after: number,
): AsyncGenerator<EventEnvelope[]> {
  let position = after;
  while (position < run.head_sequence) {
    const page = await readEvents(ctx.dependencies.database, {
      tenantId: ctx.tenantId,
      runId: run.run_id,
      after: position,
      limit: PAGE_EVENTS,
    });
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    position = last.sequence;
  }
}
