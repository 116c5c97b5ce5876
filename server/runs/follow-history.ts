import type { EventEnvelope, RunEvent } from "../../core/run-events.ts";
import type { CallContext } from "../api/call-context.ts";
import { readEvents, readRunEvents, type EventRange } from "../database/event-reader.ts";

/** Large segments are read once only where a page holds all their events; its bytes bound a page anyway. */
const PAGE_EVENTS = 10_000;

type FollowedRun = { run_id: string; head_sequence: number };

/**
 * The events of a run after `after` up to the head that it had when it was read, page by page. Who may stop early takes
 * small pages.
 */
export function followHistory(
  ctx: CallContext,
  run: FollowedRun,
  after: number,
  pageEvents = PAGE_EVENTS,
): AsyncGenerator<EventEnvelope[]> {
  const { database } = ctx.dependencies;
  const range = { tenantId: ctx.tenantId, runId: run.run_id, after, limit: pageEvents };
  return followPages((page) => readEvents(database, page), range, run.head_sequence);
}

/** All events of a run up to the head that it had when it was read, page by page, as the engine folds them. */
export function followRunEvents(ctx: CallContext, run: FollowedRun): AsyncGenerator<RunEvent[]> {
  const { database } = ctx.dependencies;
  const range = { tenantId: ctx.tenantId, runId: run.run_id, after: 0, limit: PAGE_EVENTS };
  const read = async (page: EventRange) => (await readRunEvents(database, page)).events;
  return followPages(read, range, run.head_sequence);
}

async function* followPages<T extends { sequence: number }>(
  read: (range: EventRange) => Promise<T[]>,
  range: EventRange,
  headSequence: number,
): AsyncGenerator<T[]> {
  let { after } = range;
  while (after < headSequence) {
    const page = await read({ ...range, after });
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    after = last.sequence;
  }
}
