import { z } from "zod";
import type { Database } from "./client.ts";
import { DeliveryRowSchema, type NoticeDeliveryRow } from "./notice-delivery-repository.ts";

/** What a process has under way at a receiver, and how many more it may have there. */
export type ReceiverRoom = {
  tenant_id: string;
  channel_id: string;
  under_way: number;
  room: number;
};

/** How many deliveries may be taken: in all, and of what a process may have under way at once. */
export type ClaimLimits = {
  room: number;
  maxOfTenant: number;
  maxOfReceiver: number;
  /** Receivers where something is under way, or that are not to be asked. */
  receivers: readonly ReceiverRoom[];
};

/**
 * Takes deliveries that are due, counting the attempt: those of tenants with the least under way first, and of a tenant
 * its receivers in turn. Whoever takes one has `leaseMs` to tell what became of it; after that another process tries
 * it. Reads a few rows per receiver, however many wait there. Index: notice_deliveries_due.
 */
export async function claimDueDeliveries(
  { pool }: Pick<Database, "pool">,
  { room, maxOfTenant, maxOfReceiver, receivers }: ClaimLimits,
  leaseMs: number,
): Promise<NoticeDeliveryRow[]> {
  const { rows } = await pool.query(
    `WITH RECURSIVE busy AS (
       SELECT * FROM json_to_recordset($1) AS b (tenant_id text, channel_id text, under_way int, room int)
     ), receivers AS (
       (SELECT tenant_id, channel_id FROM notice_deliveries WHERE status = 'pending'
        ORDER BY tenant_id, channel_id LIMIT 1)
       UNION ALL
       SELECT next.tenant_id, next.channel_id FROM receivers r CROSS JOIN LATERAL (
         SELECT d.tenant_id, d.channel_id FROM notice_deliveries d
         WHERE d.status = 'pending' AND (d.tenant_id, d.channel_id) > (r.tenant_id, r.channel_id)
         ORDER BY d.tenant_id, d.channel_id LIMIT 1) next
     ), due AS (
       SELECT d.tenant_id, d.delivery_id, d.next_attempt_at, coalesce(b.under_way, 0)
         + row_number() OVER (PARTITION BY d.tenant_id, d.channel_id ORDER BY d.next_attempt_at) AS turn
       FROM receivers r LEFT JOIN busy b USING (tenant_id, channel_id) CROSS JOIN LATERAL (
         SELECT w.tenant_id, w.channel_id, w.delivery_id, w.next_attempt_at FROM notice_deliveries w
         WHERE w.status = 'pending' AND w.tenant_id = r.tenant_id AND w.channel_id = r.channel_id
           AND w.next_attempt_at <= now()
         ORDER BY w.next_attempt_at LIMIT coalesce(b.room, $2)) d
     ), placed AS (
       SELECT tenant_id, delivery_id, next_attempt_at, coalesce(t.under_way, 0)
         + row_number() OVER (PARTITION BY tenant_id ORDER BY turn, next_attempt_at) AS place
       FROM due LEFT JOIN (SELECT tenant_id, sum(under_way) AS under_way FROM busy GROUP BY tenant_id) t
         USING (tenant_id)
     ), chosen AS (
       SELECT tenant_id, delivery_id FROM placed WHERE place <= $3 ORDER BY place, next_attempt_at LIMIT $4
     ), taken AS (
       SELECT d.tenant_id, d.delivery_id FROM notice_deliveries d JOIN chosen USING (tenant_id, delivery_id)
       WHERE d.status = 'pending' AND d.next_attempt_at <= now() FOR UPDATE OF d SKIP LOCKED
     )
     UPDATE notice_deliveries d SET attempts = d.attempts + 1,
       next_attempt_at = now() + make_interval(secs => $5::float8 / 1000)
     FROM taken WHERE d.tenant_id = taken.tenant_id AND d.delivery_id = taken.delivery_id
     RETURNING ${Object.keys(DeliveryRowSchema.shape)
       .map((name) => `d.${name}`)
       .join(", ")}`,
    [JSON.stringify(receivers), maxOfReceiver, maxOfTenant, room, leaseMs],
  );
  return z.array(DeliveryRowSchema).parse(rows);
}
