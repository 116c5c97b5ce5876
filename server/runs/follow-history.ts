import type { EventEnvelope } from "../../core/run-events.ts";
import type { CallContext } from "../api/call-context.ts";
import { readEvents } from "../database/event-reader.ts";

/** Large segments are read once only where a page holds all their events; its bytes bound a page anyway. */
const PAGE_EVENTS = 10_000;

/**
 * The events of a run after `after` up to the head that it had when it was read, page by page. Who may stop early takes
 * small pages.
 */
export async function* followHistory(
  ctx: CallContext,
  run: { run_id: string; head_sequence: number },
  after: number,
  pageEvents = PAGE_EVENTS,
): AsyncGenerator<EventEnvelope[]> {
  let position = after;
  while (position < run.head_sequence) {
    const page = await readEvents(ctx.dependencies.database, {
      tenantId: ctx.tenantId,
      runId: run.run_id,
      after: position,
      limit: pageEvents,
    });
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    position = last.sequence;
  }
}
