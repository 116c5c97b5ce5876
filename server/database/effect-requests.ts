import type { PoolClient } from "pg";
import { z } from "zod";
import { effectIdOf } from "../../core/ids.ts";
import type { JsonObject } from "../../core/json.ts";
import { occurrenceKey } from "../../core/step.ts";
import type { ChangedEffect } from "./effect-search-rows.ts";
import { parseSegment } from "./event-reader.ts";

/** What the events say of an effect beyond its ledger row. */
export type EffectRequest = { request: JsonObject | null; serviceId: string | null };

/** Larger segments are not read for a search: what stands in them is found by its other terms. */
const MAX_SEGMENT_BYTES = 4 * 1024 * 1024;
/** How far back from an effect its step's start is looked for. */
const MAX_SEGMENTS_BACK = 32;

const SegmentRowSchema = z.object({
  run_id: z.string(),
  tenant_id: z.string(),
  first_seq: z.int(),
  body: z.instanceof(Uint8Array),
});
type SegmentRow = z.output<typeof SegmentRowSchema>;

/** The requests of effects by effect id; without those whose events are not near. Index: the primary key. */
export async function readEffectRequests(
  client: PoolClient,
  effects: readonly ChangedEffect[],
): Promise<Map<string, EffectRequest>> {
  const found = new Map<string, EffectRequest>();
  const runs = new Map<string, ChangedEffect[]>();
  for (const effect of effects) {
    const key = `${effect.tenantId} ${effect.runId}`;
    runs.set(key, [...(runs.get(key) ?? []), effect]);
  }
  if (runs.size === 0) return found;
  const near = await readSegmentsNear(client, [...runs.values()]);
  for (const [key, ofRun] of runs) {
    const segments = near.get(key) ?? [];
    if (isMissingStart(ofRun, segments, found)) {
      const before = await readSegmentsBefore(client, ofRun, segments[0]?.first_seq ?? 0);
      isMissingStart(ofRun, [...before, ...segments], found);
    }
  }
  return found;
}

/** Folds a run's segments into `found`; true where the start of an effect's step was not among them. */
function isMissingStart(
  effects: readonly ChangedEffect[],
  segments: readonly SegmentRow[],
  found: Map<string, EffectRequest>,
): boolean {
  const wanted = new Set(effects.map(({ runId, sequence }) => effectIdOf(runId, sequence)));
  const begun = new Map<string, EffectRequest>();
  let isMissing = false;
  for (const { body } of segments) {
    for (const event of parseSegment(body)) {
      if (event.type === "step.started") {
        const { step_id: stepId, occurrence, input } = event.payload;
        begun.set(occurrenceKey(stepId, occurrence), { request: input ?? null, serviceId: null });
      } else if (event.type === "capability.selected") {
        const { step_id: stepId, occurrence, service_id: serviceId } = event.payload;
        const step = begun.get(occurrenceKey(stepId, occurrence));
        if (step !== undefined) step.serviceId = serviceId;
      } else if (
        event.type === "side_effect.attempted" ||
        event.type === "side_effect.reused" ||
        event.type === "side_effect.blocked"
      ) {
        const { step_id: stepId, occurrence, effect_id: effectId } = event.payload;
        if (!wanted.has(effectId)) continue;
        const step = begun.get(occurrenceKey(stepId, occurrence));
        const serviceId = event.payload.service_id ?? step?.serviceId ?? null;
        if (step === undefined) isMissing = true;
        else found.set(effectId, { ...step, serviceId });
      }
    }
  }
  return isMissing;
}

/** Per run the segments from its first effect to its last; to its end where one was tried again. */
async function readSegmentsNear(
  client: PoolClient,
  runs: readonly ChangedEffect[][],
): Promise<Map<string, SegmentRow[]>> {
  const sequences = runs.map((effects) => effects.map(({ sequence }) => sequence));
  const { rows } = await client.query(
    `SELECT s.run_id, s.tenant_id, s.first_seq, s.body
     FROM unnest($1::text[], $2::text[], $3::int[], $4::int[]) AS r (tenant_id, run_id, first, last)
     CROSS JOIN LATERAL (
       SELECT run_id, tenant_id, first_seq, body FROM event_segments
       WHERE run_id = r.run_id AND tenant_id = r.tenant_id AND first_seq <= r.last
         AND first_seq >= coalesce((SELECT max(first_seq) FROM event_segments
           WHERE run_id = r.run_id AND tenant_id = r.tenant_id AND first_seq <= r.first), 0)
         AND octet_length(body) <= ${MAX_SEGMENT_BYTES}) s
     ORDER BY s.run_id, s.first_seq`,
    [
      runs.map(([effect]) => effect?.tenantId ?? ""),
      runs.map(([effect]) => effect?.runId ?? ""),
      sequences.map((each) => Math.min(...each)),
      runs.map((effects, index) =>
        effects.some(({ attempts }) => attempts > 1)
          ? 2 ** 31 - 1
          : Math.max(...(sequences[index] ?? [])),
      ),
    ],
  );
  const segments = new Map<string, SegmentRow[]>();
  for (const row of z.array(SegmentRowSchema).parse(rows)) {
    const key = `${row.tenant_id} ${row.run_id}`;
    const ofRun = segments.get(key);
    if (ofRun === undefined) segments.set(key, [row]);
    else ofRun.push(row);
  }
  return segments;
}

async function readSegmentsBefore(
  client: PoolClient,
  [effect]: readonly ChangedEffect[],
  firstSeq: number,
): Promise<SegmentRow[]> {
  const { rows } = await client.query(
    `SELECT run_id, tenant_id, first_seq, body FROM event_segments
     WHERE run_id = $1 AND tenant_id = $2 AND first_seq < $3 AND octet_length(body) <= ${MAX_SEGMENT_BYTES}
     ORDER BY first_seq DESC LIMIT ${MAX_SEGMENTS_BACK}`,
    [effect?.runId, effect?.tenantId, firstSeq],
  );
  return z.array(SegmentRowSchema).parse(rows).reverse();
}
