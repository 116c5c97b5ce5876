import { z } from "zod";
import type { EventEnvelope } from "../../core/run-events.ts";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";
import { effectIdOf, placeOfEffect } from "../../core/ids.ts";
import type { LedgerRecord } from "../../core/ledger-decision.ts";
import { occurrenceKey } from "../../core/step.ts";
import type { Database } from "./client.ts";
import { readEvents, streamRunEvents } from "./event-reader.ts";

/** A live record and the result that its run's history holds; null where there is none yet. */
export type FoundEffect = {
  record: LedgerRecord;
  output: JsonObject | null;
  idempotencyKey: string;
  /** Of the last record of its chain: what is made again follows that one. */
  lastKey: string;
  bindingId: string;
  attempts: number;
};

const RowSchema = z.object({
  run_id: z.string(),
  sequence: z.int(),
  status: z.enum(["attempted", "recorded", "in_doubt", "compensated"]),
  request_hash: z.string(),
  result_sequence: z.int().nullable(),
  idempotency_key: z.string(),
  last_key: z.string(),
  binding_id: z.string(),
  attempts: z.int(),
});

const COLUMNS = `e.run_id, e.sequence, e.status, e.request_hash, e.result_sequence, e.idempotency_key, e.binding_id,
  e.attempts`;

/**
 * The live record that holds a key, whichever run of a shared lineage made it, or null. Where the call was made again, the
 * last record of the chain (`reexecutionKeyText`) that was not undone; the last one where all were. Index: effects_held_key.
 */
export async function findLiveEffect(
  pool: Database["pool"],
  tenantId: string,
  idempotencyKey: string,
): Promise<FoundEffect | null> {
  const { rows } = await pool.query(
    `WITH RECURSIVE chain AS (
       SELECT ${COLUMNS}, 0 AS depth FROM effects e
       WHERE e.tenant_id = $1 AND e.idempotency_key = $2 AND e.holds_key
       UNION ALL
       SELECT ${COLUMNS}, c.depth + 1 FROM chain c JOIN effects e ON e.tenant_id = $1 AND e.holds_key
         AND e.idempotency_key = encode(sha256(convert_to('v1|again|' || c.idempotency_key, 'UTF8')), 'hex'))
     SELECT *, first_value(idempotency_key) OVER (ORDER BY depth DESC) AS last_key
     FROM chain ORDER BY (status = 'compensated'), depth DESC LIMIT 1`,
    [tenantId, idempotencyKey],
  );
  if (rows[0] === undefined) return null;
  const row = RowSchema.parse(rows[0]);
  const record = {
    effectId: effectIdOf(row.run_id, row.sequence),
    status: row.status,
    requestHash: row.request_hash,
  };
  const { idempotency_key: key, last_key: lastKey, binding_id: bindingId, attempts } = row;
  const found = { record, idempotencyKey: key, lastKey, bindingId, attempts };
  if (row.result_sequence === null) return { ...found, output: null };
  const [event] = await readEvents(
    { pool },
    { tenantId, runId: row.run_id, after: row.result_sequence - 1, limit: 1 },
  );
  const isHeldBack = event?.event_type === "approval.requested";
  const output = isHeldBack ? await outputTakenIn(pool, event) : event?.payload["output"];
  return { ...found, output: isJsonObject(output) ? output : null };
}

/** The result that people let in whom a gate had left it to; undefined where they have not. */
async function outputTakenIn(
  pool: Database["pool"],
  { tenant_id: tenantId, run_id: runId, sequence, payload: asked }: EventEnvelope,
): Promise<Json | undefined> {
  for (let after = sequence; ;) {
    const events = await readEvents({ pool }, { tenantId, runId, after, limit: 1_000 });
    const end = events.find(
      ({ event_type: type, payload }) =>
        type === "step.completed" &&
        payload["step_id"] === asked["step_id"] &&
        payload["occurrence"] === asked["occurrence"],
    );
    const last = events.at(-1);
    if (end !== undefined || last === undefined) return end?.payload["output"];
    after = last.sequence;
  }
}

/** What an effect was asked for: the input that its step had begun with. Reads the run's history up to the effect. */
export async function findEffectRequest(
  pool: Database["pool"],
  tenantId: string,
  effectId: string,
): Promise<JsonObject | null> {
  const place = placeOfEffect(effectId);
  if (place === null) return null;
  const inputs = new Map<string, JsonObject | null>();
  for await (const { type, payload, sequence } of streamRunEvents(pool, {
    tenantId,
    runId: place.runId,
  })) {
    if (sequence > place.sequence) return null;
    if (type === "step.started")
      inputs.set(occurrenceKey(payload.step_id, payload.occurrence), payload.input ?? null);
    if (sequence === place.sequence && type === "side_effect.attempted")
      return inputs.get(occurrenceKey(payload.step_id, payload.occurrence)) ?? null;
  }
  return null;
}
