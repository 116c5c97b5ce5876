import type { Pool } from "pg";
import { z } from "zod";
import { storedText } from "../../core/run-events.ts";
import type { StoredRun } from "./run-loader.ts";
import { parseSegmentText, queryTexts, textsOfSegment } from "./segment-text.ts";

/** What is stored of a run up to a sequence: the nearest snapshot before it, and the events from there up to it. */
export type StoredHistory = Pick<
  StoredRun,
  "skillId" | "skillVersion" | "traceId" | "snapshot" | "events"
> & {
  /** Under which each of the events is stored. */
  texts: readonly string[];
};

const HeadSchema = z.object({
  skill_id: z.string(),
  skill_version: z.string(),
  trace_id: z.string(),
  snapshot_sequence: z.int().nullable(),
  snapshot_hash: z.string().nullable(),
});
const SegmentsSchema = z.array(z.object({ first_seq: z.int(), body: z.string() }));

/** Loads what rebuilding a run as of `sequence` needs; null where the tenant has no such run. Indexes: primary keys. */
export async function loadHistoryUntil(
  pool: Pool,
  run: { tenantId: string; runId: string },
  sequence: number,
): Promise<StoredHistory | null> {
  const { rows } = await pool.query({
    name: "load_history_head",
    text: `SELECT r.skill_id, r.skill_version, r.trace_id,
                  s.sequence AS snapshot_sequence, s.state_hash AS snapshot_hash
           FROM runs r LEFT JOIN LATERAL (
             SELECT sequence, state_hash FROM snapshots
             WHERE tenant_id = r.tenant_id AND run_id = r.run_id AND sequence < $3
             ORDER BY sequence DESC LIMIT 1) s ON true
           WHERE r.tenant_id = $1 AND r.run_id = $2`,
    values: [run.tenantId, run.runId, sequence],
  });
  if (rows[0] === undefined) return null;
  const head = HeadSchema.parse(rows[0]);
  const { snapshot_sequence: at, snapshot_hash: stateHash } = head;
  // Megabytes each: the one is read while the other is on its way.
  const [body, { events, texts }] = await Promise.all([
    at === null ? null : loadSnapshotBody(pool, run, at),
    loadEventsBetween(pool, run, at ?? 0, sequence),
  ]);
  // A snapshot may be deleted at any time: then the one before it counts.
  if (at !== null && body === null) return loadHistoryUntil(pool, run, sequence);
  return {
    skillId: head.skill_id,
    skillVersion: head.skill_version,
    traceId: head.trace_id,
    snapshot:
      at === null || stateHash === null || body === null ? null : { sequence: at, stateHash, body },
    events,
    texts,
  };
}

async function loadSnapshotBody(
  pool: Pool,
  run: { tenantId: string; runId: string },
  sequence: number,
): Promise<string | null> {
  const { rows } = await queryTexts(pool, {
    name: "load_history_snapshot",
    text: `SELECT convert_from(body, 'UTF8') AS body FROM snapshots
           WHERE tenant_id = $1 AND run_id = $2 AND sequence = $3`,
    values: [run.tenantId, run.runId, sequence],
  });
  const [row] = z.array(z.object({ body: z.string() })).parse(rows);
  return row?.body ?? null;
}

/** The events after one sequence up to another. Segments end where flushes ended, so both ends may lie inside of one. */
async function loadEventsBetween(
  pool: Pool,
  run: { tenantId: string; runId: string },
  after: number,
  until: number,
): Promise<{ events: StoredHistory["events"]; texts: string[] }> {
  const { rows } = await queryTexts(pool, {
    name: "load_history_events",
    text: `SELECT first_seq, convert_from(body, 'UTF8') AS body FROM event_segments
           WHERE tenant_id = $1 AND run_id = $2 AND first_seq <= $4 AND first_seq >= coalesce(
             (SELECT max(first_seq) FROM event_segments WHERE tenant_id = $1 AND run_id = $2 AND first_seq <= $3 + 1), 0)
           ORDER BY first_seq`,
    values: [run.tenantId, run.runId, after, until],
  });
  const events: StoredHistory["events"] = [];
  const texts: string[] = [];
  for (const { first_seq: first, body } of SegmentsSchema.parse(rows)) {
    const stored = parseSegmentText(body);
    const written = textsOfSegment(body, stored);
    for (const [index, event] of stored.entries()) {
      const sequence = first + index;
      if (sequence <= after || sequence > until) continue;
      events.push(Object.assign(event, { sequence }));
      texts.push(written[index] ?? storedText(event));
    }
  }
  return { events, texts };
}

/**
 * The event at one sequence, or null where there is none. The segment around it, which may be large, is taken apart in
 * the database. Index: the primary key, entered at that segment.
 */
export async function findEventAt(
  pool: Pool,
  run: { tenantId: string; runId: string },
  sequence: number,
): Promise<StoredHistory["events"][number] | null> {
  const { rows } = await queryTexts(pool, {
    name: "find_event_at",
    text: `SELECT first_seq, '[' || coalesce((convert_from(body, 'UTF8')::json -> ($3 - first_seq))::text, 'null') || ']' AS body
           FROM event_segments
           WHERE tenant_id = $1 AND run_id = $2 AND last_seq >= $3 AND first_seq =
             (SELECT max(first_seq) FROM event_segments WHERE tenant_id = $1 AND run_id = $2 AND first_seq <= $3)`,
    values: [run.tenantId, run.runId, sequence],
  });
  const [segment] = SegmentsSchema.parse(rows);
  const [event] = segment === undefined ? [] : parseSegmentText(segment.body);
  return event === undefined ? null : { ...event, sequence };
}

/** The sequence of a run's newest checkpoint, or null where it has none. Index: the primary key, read from its end. */
export async function findLatestCheckpoint(
  pool: Pool,
  run: { tenantId: string; runId: string },
): Promise<number | null> {
  let before = Number.MAX_SAFE_INTEGER;
  for (;;) {
    const { rows } = await queryTexts(pool, {
      name: "find_latest_checkpoint",
      text: `SELECT first_seq, convert_from(body, 'UTF8') AS body FROM event_segments
             WHERE tenant_id = $1 AND run_id = $2 AND first_seq < $3::bigint ORDER BY first_seq DESC LIMIT 1`,
      values: [run.tenantId, run.runId, before],
    });
    const [segment] = SegmentsSchema.parse(rows);
    if (segment === undefined) return null;
    const index = parseSegmentText(segment.body).findLastIndex(
      ({ type }) => type === "checkpoint.saved",
    );
    if (index >= 0) return segment.first_seq + index;
    before = segment.first_seq;
  }
}
