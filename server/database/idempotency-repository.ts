import { z } from "zod";
import type { Database } from "./client.ts";

/** How long a key stands for its first call (contract.md §11). */
const KEY_LIFE = "24 hours";

export type IdempotencyReservation = { isNew: boolean; fingerprint: string; resourceId: string };

const ReservationSchema = z.object({
  is_new: z.boolean(),
  fingerprint: z.string(),
  resource_id: z.string(),
});

/**
 * Reserves a tenant's key for what a call makes, or tells which call has it. Of two that come at once exactly one is new.
 * The id is chosen before what it names exists, so that a call that died in between is taken up under the same id.
 */
export async function reserveIdempotencyKey(
  { pool }: Pick<Database, "pool">,
  request: { tenantId: string; key: string; fingerprint: string; resourceId: string; at: Date },
): Promise<IdempotencyReservation> {
  // The update touches only a key that has expired; RETURNING then gives the new values, as after an insert.
  const { rows } = await pool.query({
    name: "reserve_idempotency_key",
    text: `WITH reserved AS (
             INSERT INTO idempotency_keys (tenant_id, key, fingerprint, resource_id, created_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (tenant_id, key) DO UPDATE
               SET fingerprint = excluded.fingerprint, resource_id = excluded.resource_id, created_at = excluded.created_at
               WHERE idempotency_keys.created_at < excluded.created_at - interval '${KEY_LIFE}'
             RETURNING fingerprint, resource_id)
           SELECT true AS is_new, fingerprint, resource_id FROM reserved
           UNION ALL
           SELECT false, fingerprint, resource_id FROM idempotency_keys
           WHERE tenant_id = $1 AND key = $2 AND NOT EXISTS (SELECT 1 FROM reserved)`,
    values: [request.tenantId, request.key, request.fingerprint, request.resourceId, request.at],
  });
  const [row] = z.array(ReservationSchema).parse(rows);
  // Nothing comes back only where the other call committed between the two halves: it is visible by now.
  if (row === undefined) return reserveIdempotencyKey({ pool }, request);
  return { isNew: row.is_new, fingerprint: row.fingerprint, resourceId: row.resource_id };
}

/** Gives a key back whose call came to nothing, so that the mended call may use it. */
export async function releaseIdempotencyKey(
  { pool }: Pick<Database, "pool">,
  request: { tenantId: string; key: string; resourceId: string },
): Promise<void> {
  await pool.query(
    "DELETE FROM idempotency_keys WHERE tenant_id = $1 AND key = $2 AND resource_id = $3",
    [request.tenantId, request.key, request.resourceId],
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
