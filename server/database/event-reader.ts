import { z } from "zod";
import type { CompensationResult } from "../../core/compensation.ts";
import {
  type EventEnvelope,
  type EventPayloads,
  type RunEvent,
  type StoredEvent,
  toEnvelope,
} from "../../core/run-events.ts";
import type { Database } from "./client.ts";
import { parseSegmentText, queryTexts } from "./segment-text.ts";

/** The events of one run after a sequence; at most `limit`. */
export type EventRange = { tenantId: string; runId: string; after: number; limit: number };

/** A page never reads more than this from the database, except for one single segment that is larger. */
const MAX_PAGE_BYTES = 8 * 1024 * 1024;
const MAX_PAGE_SEGMENTS = 200;

const SegmentRowSchema = z.object({
  first_seq: z.int(),
  body: z.string(),
  trace_id: z.string(),
});

/**
 * Durable events in order, without a gap, starting right after `after`. The page may be shorter than `limit` while
 * more events exist (large payloads); it is empty only where nothing follows `after`, or the tenant has no such run.
 */
export async function readEvents(
  database: Pick<Database, "pool">,
  range: EventRange,
): Promise<EventEnvelope[]> {
  const { traceId, events } = await readRunEvents(database, range);
  const run = { tenantId: range.tenantId, runId: range.runId, traceId };
  return events.map((event) => toEnvelope(run, event));
}

/** The same page as `readEvents`, as the engine folds events. */
export async function readRunEvents(
  { pool }: Pick<Database, "pool">,
  range: EventRange,
): Promise<{ traceId: string; events: RunEvent[] }> {
  // Index: the primary key, entered at the segment that holds after + 1.
  const { rows } = await queryTexts(pool, {
    name: "read_events",
    text: `SELECT first_seq, convert_from(body, 'UTF8') AS body, trace_id FROM (
             SELECT s.first_seq, s.body, r.trace_id,
                    sum(octet_length(s.body)) OVER (ORDER BY s.first_seq) - octet_length(s.body) AS bytes_before
             FROM (SELECT first_seq, last_seq, body FROM event_segments
                   WHERE tenant_id = $1 AND run_id = $2 AND last_seq > $3 AND first_seq >= coalesce(
                     (SELECT max(first_seq) FROM event_segments WHERE tenant_id = $1 AND run_id = $2 AND first_seq <= $3 + 1), 0)
                   ORDER BY first_seq LIMIT $4) s
             CROSS JOIN (SELECT trace_id FROM runs WHERE tenant_id = $1 AND run_id = $2) r
           ) page WHERE bytes_before < $5 ORDER BY first_seq`,
    values: [
      range.tenantId,
      range.runId,
      range.after,
      Math.min(range.limit, MAX_PAGE_SEGMENTS),
      MAX_PAGE_BYTES,
    ],
  });
  const segments = z.array(SegmentRowSchema).parse(rows);
  const traceId = segments[0]?.trace_id ?? "";
  const events: RunEvent[] = [];
  for (const { first_seq: first, body } of segments) {
    for (const [index, event] of parseSegmentText(body).entries()) {
      const sequence = first + index;
      if (sequence <= range.after) continue;
      if (events.length === range.limit) return { traceId, events };
      events.push(Object.assign(event, { sequence }));
    }
  }
  return { traceId, events };
}

/** All durable events of a run in order, read page by page. */
export async function* streamRunEvents(
  pool: Database["pool"],
  run: { tenantId: string; runId: string },
): AsyncGenerator<RunEvent> {
  for (let after = 0; ;) {
    const { events } = await readRunEvents({ pool }, { ...run, after, limit: 10_000 });
    yield* events;
    const last = events.at(-1);
    if (last === undefined) return;
    after = last.sequence;
  }
}

/** The events of one segment, in order. */
export function parseSegment(body: Uint8Array): StoredEvent[] {
  return parseSegmentText(
    Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8"),
  );
}

/** What the end of a run says of undoing what it did; null where it undid nothing. Index: the primary key. */
export async function readRunCompensation(
  { pool }: Pick<Database, "pool">,
  tenantId: string,
  run: { run_id: string; status: string; head_sequence: number },
): Promise<CompensationResult | null> {
  if (run.status !== "failed" && run.status !== "canceled") return null;
  // The end, and the checkpoint after it.
  const after = Math.max(run.head_sequence - 2, 0);
  const range = { tenantId, runId: run.run_id, after, limit: 2 };
  const { events } = await readRunEvents({ pool }, range);
  const end = events.find(({ type }) => type === "run.failed" || type === "run.canceled");
  if (end?.type !== "run.failed" && end?.type !== "run.canceled") return null;
  return end.payload.compensation ?? null;
}

/** What the run's first event says, or null where the tenant has no such run. */
export async function readRunCreated(
  database: Pick<Database, "pool">,
  tenantId: string,
  runId: string,
): Promise<EventPayloads["run.created"] | null> {
  const { rows } = await queryTexts(database.pool, {
    name: "read_run_created",
    text: "SELECT convert_from(body, 'UTF8') AS body FROM event_segments WHERE tenant_id = $1 AND run_id = $2 AND first_seq = 1",
    values: [tenantId, runId],
  });
  const [row] = z.array(SegmentRowSchema.pick({ body: true })).parse(rows);
  const [first] = row === undefined ? [] : parseSegmentText(row.body);
  return first?.type === "run.created" ? first.payload : null;
}
