import { z } from "zod";
import { isJsonObject, type JsonObject } from "../../core/json.ts";
import { effectIdOf } from "../../core/ids.ts";
import type { LedgerRecord } from "../../core/ledger-decision.ts";
import type { Database } from "./client.ts";
import { readEvents } from "./event-reader.ts";

/** A live record and the result that its run's history holds; null where there is none yet. */
export type FoundEffect = { record: LedgerRecord; output: JsonObject | null };

const RowSchema = z.object({
  run_id: z.string(),
  sequence: z.int(),
  status: z.enum(["attempted", "recorded", "in_doubt", "compensated"]),
  request_hash: z.string(),
  result_sequence: z.int().nullable(),
});

/** The live record that holds a key, whichever run of a shared lineage made it, or null. Index: effects_held_key. */
export async function findLiveEffect(
  pool: Database["pool"],
  tenantId: string,
  idempotencyKey: string,
): Promise<FoundEffect | null> {
  const { rows } = await pool.query(
    `SELECT run_id, sequence, status, request_hash, result_sequence FROM effects
     WHERE tenant_id = $1 AND idempotency_key = $2 AND holds_key`,
    [tenantId, idempotencyKey],
  );
  if (rows[0] === undefined) return null;
  const row = RowSchema.parse(rows[0]);
  const record = {
    effectId: effectIdOf(row.run_id, row.sequence),
    status: row.status,
    requestHash: row.request_hash,
  };
  if (row.result_sequence === null) return { record, output: null };
  const [event] = await readEvents(
    { pool },
    { tenantId, runId: row.run_id, after: row.result_sequence - 1, limit: 1 },
  );
  const output = event?.payload["output"];
  return { record, output: isJsonObject(output) ? output : null };
}
