import { z } from "zod";
import { DomainError } from "../../core/errors.ts";
import {
  type EventEnvelope,
  type EventPayloads,
  type NewEvent,
  type RunEvent,
  toEnvelope,
} from "../../core/run-events.ts";
import type { Database } from "./client.ts";

/** The events of one run after a sequence; at most `limit`. */
export type EventRange = { tenantId: string; runId: string; after: number; limit: number };

/** A page never reads more than this from the database, except for one single segment that is larger. */
const MAX_PAGE_BYTES = 8 * 1024 * 1024;
const MAX_PAGE_SEGMENTS = 200;

/** Segments are written by our own journal alone, so that their bodies are looked at from outside only. */
const CompactEventsSchema = z.custom<(NewEvent & { at: number })[]>(
  (events) => Array.isArray(events) && events.every(isCompactEvent),
);

function isCompactEvent(event: unknown): boolean {
  return (
    typeof event === "object" &&
    event !== null &&
    "type" in event &&
    "at" in event &&
    "payload" in event
  );
}

const SegmentRowSchema = z.object({
  first_seq: z.int(),
  body: z.instanceof(Uint8Array),
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
  const { rows } = await pool.query({
    name: "read_events",
    text: `SELECT first_seq, body, trace_id FROM (
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
    for (const [index, event] of parseSegment(body).entries()) {
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

/** The compact events of one segment, in order. */
export function parseSegment(body: Uint8Array): z.infer<typeof CompactEventsSchema> {
  return parseSegmentText(
    Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8"),
  );
}

/** The compact events of one segment that was read as text. Throws `invalid_configuration` for what are no events. */
export function parseSegmentText(body: string): z.infer<typeof CompactEventsSchema> {
  try {
    return CompactEventsSchema.parse(JSON.parse(body));
  } catch (cause) {
    throw damagedSegment(cause);
  }
}

/** The refusal of a stored segment that the journal cannot have written so. */
export function damagedSegment(cause: unknown): DomainError {
  return new DomainError(
    "invalid_configuration",
    "The run's history is damaged: a stored segment of it does not hold events.",
    { hint: "Restore the run's events from a backup.", cause },
  );
}

/** What the run's first event says, or null where the tenant has no such run. */
export async function readRunCreated(
  database: Pick<Database, "pool">,
  tenantId: string,
  runId: string,
): Promise<EventPayloads["run.created"] | null> {
  const { rows } = await database.pool.query({
    name: "read_run_created",
    text: "SELECT body FROM event_segments WHERE tenant_id = $1 AND run_id = $2 AND first_seq = 1",
    values: [tenantId, runId],
  });
  const [row] = z.array(SegmentRowSchema.pick({ body: true })).parse(rows);
  const [first] = row === undefined ? [] : parseSegment(row.body);
  return first?.type === "run.created" ? first.payload : null;
}
