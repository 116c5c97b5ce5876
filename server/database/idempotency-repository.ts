import { z } from "zod";
import type { Database } from "./client.ts";

/** How long a key stands for its first call (contract.md §11). */
const KEY_LIFE = "24 hours";

export type IdempotencyReservation = { isNew: boolean; fingerprint: string; runId: string };

const ReservationSchema = z.object({
  is_new: z.boolean(),
  fingerprint: z.string(),
  run_id: z.string(),
});

/**
 * Reserves a tenant's key for a run, or tells which call has it. Of two that come at once exactly one is new. The run's
 * id is chosen before the run exists, so that a call that died in between is taken up under the same id.
 */
export async function reserveIdempotencyKey(
  { pool }: Pick<Database, "pool">,
  request: { tenantId: string; key: string; fingerprint: string; runId: string; at: Date },
): Promise<IdempotencyReservation> {
  // The update touches only a key that has expired; RETURNING then gives the new values, as after an insert.
  const { rows } = await pool.query({
    name: "reserve_idempotency_key",
    text: `WITH reserved AS (
             INSERT INTO idempotency_keys (tenant_id, key, fingerprint, run_id, created_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (tenant_id, key) DO UPDATE
               SET fingerprint = excluded.fingerprint, run_id = excluded.run_id, created_at = excluded.created_at
               WHERE idempotency_keys.created_at < excluded.created_at - interval '${KEY_LIFE}'
             RETURNING fingerprint, run_id)
           SELECT true AS is_new, fingerprint, run_id FROM reserved
           UNION ALL
           SELECT false, fingerprint, run_id FROM idempotency_keys
           WHERE tenant_id = $1 AND key = $2 AND NOT EXISTS (SELECT 1 FROM reserved)`,
    values: [request.tenantId, request.key, request.fingerprint, request.runId, request.at],
  });
  const [row] = z.array(ReservationSchema).parse(rows);
  // Nothing comes back only where the other call committed between the two halves: it is visible by now.
  if (row === undefined) return reserveIdempotencyKey({ pool }, request);
  return { isNew: row.is_new, fingerprint: row.fingerprint, runId: row.run_id };
}

/** Gives a key back whose call came to nothing, so that the mended call may use it. */
export async function releaseIdempotencyKey(
  { pool }: Pick<Database, "pool">,
  request: { tenantId: string; key: string; runId: string },
): Promise<void> {
  await pool.query(
    "DELETE FROM idempotency_keys WHERE tenant_id = $1 AND key = $2 AND run_id = $3",
    [request.tenantId, request.key, request.runId],
  );
}

/** Forgets the keys of all tenants that have expired; answers how many. */
export async function deleteExpiredIdempotencyKeys(
  { pool }: Pick<Database, "pool">,
  now: Date,
): Promise<number> {
  const { rowCount } = await pool.query(
    `DELETE FROM idempotency_keys WHERE created_at < $1::timestamptz - interval '${KEY_LIFE}'`,
    [now],
  );
  return rowCount ?? 0;
}
