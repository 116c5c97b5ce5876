import { z } from "zod";
import { DELIVERY_STATUSES, NOTICE_TYPES, type DeliveryStatus } from "../../core/notice.ts";
import type { Database } from "./client.ts";

const RowSchema = z.object({
  tenant_id: z.string(),
  delivery_id: z.string(),
  notice_id: z.string(),
  channel_id: z.string(),
  type: z.enum(NOTICE_TYPES),
  run_id: z.string(),
  sequence: z.int(),
  environment: z.string(),
  body: z.string(),
  status: z.enum(DELIVERY_STATUSES),
  attempts: z.int(),
  next_attempt_at: z.date(),
  last_status: z.int().nullable(),
  last_error: z.string().nullable(),
  created_at: z.date(),
  opened_at: z.date(),
  settled_at: z.date().nullable(),
});

/** A row of `notice_deliveries`. */
export type NoticeDeliveryRow = z.infer<typeof RowSchema>;

export type NewDelivery = Pick<
  NoticeDeliveryRow,
  | "tenant_id"
  | "delivery_id"
  | "notice_id"
  | "channel_id"
  | "type"
  | "run_id"
  | "sequence"
  | "environment"
  | "body"
>;

const NAMES = Object.keys(RowSchema.shape);
const COLUMNS = NAMES.join(", ");
type Pool = Pick<Database, "pool">;

/** Writes deliveries that are due at once; one that was written before stays as it is. */
export async function insertDeliveries(
  { pool }: Pool,
  deliveries: readonly NewDelivery[],
): Promise<void> {
  if (deliveries.length === 0) return;
  await pool.query(
    `INSERT INTO notice_deliveries (tenant_id, delivery_id, notice_id, channel_id, type, run_id, sequence, environment,
       body, status, attempts, next_attempt_at, created_at, opened_at)
     SELECT tenant_id, delivery_id, notice_id, channel_id, type, run_id, sequence, environment, body, 'pending', 0,
       now(), now(), now()
     FROM json_to_recordset($1) AS d (tenant_id text, delivery_id text, notice_id text, channel_id text, type text,
       run_id text, sequence int, environment text, body text)
     ON CONFLICT DO NOTHING`,
    [JSON.stringify(deliveries)],
  );
}

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
  { pool }: Pool,
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
     RETURNING ${NAMES.map((name) => `d.${name}`).join(", ")}`,
    [JSON.stringify(receivers), maxOfReceiver, maxOfTenant, room, leaseMs],
  );
  return z.array(RowSchema).parse(rows);
}

/** What became of an attempt: delivered, tried again after a while, or given up. */
export type AttemptOutcome = { lastStatus: number | null } & (
  { kind: "delivered" } | { kind: "failed"; error: string; retryAfterMs: number | null }
);

/** Writes down what became of the attempt that was taken; nothing where another process has taken it since. */
export async function settleDelivery(
  { pool }: Pool,
  { tenant_id, delivery_id, attempts }: NoticeDeliveryRow,
  outcome: AttemptOutcome,
): Promise<void> {
  const isDelivered = outcome.kind === "delivered";
  const retryMs = isDelivered ? null : outcome.retryAfterMs;
  const status: DeliveryStatus = isDelivered ? "delivered" : retryMs === null ? "dead" : "pending";
  await pool.query(
    `UPDATE notice_deliveries SET status = $4, last_status = $5, last_error = $6,
       settled_at = CASE WHEN $4 <> 'pending' THEN now() END,
       next_attempt_at = CASE WHEN $4 = 'pending' THEN now() + make_interval(secs => $7::float8 / 1000)
         ELSE next_attempt_at END
     WHERE tenant_id = $1 AND delivery_id = $2 AND attempts = $3 AND status = 'pending'`,
    [
      tenant_id,
      delivery_id,
      attempts,
      status,
      outcome.lastStatus,
      isDelivered ? null : outcome.error,
      retryMs ?? 0,
    ],
  );
}

/** A tenant's deliveries, newest first. Indexes: notice_deliveries_newest, notice_deliveries_dead. */
export async function listDeliveryRows(
  { pool }: Pool,
  tenantId: string,
  filter: {
    status: DeliveryStatus | null;
    before: { createdAt: Date; deliveryId: string } | null;
    limit: number;
  },
): Promise<NoticeDeliveryRow[]> {
  const values: unknown[] = [tenantId];
  const put = (value: unknown) => `$${values.push(value)}`;
  const conditions = ["tenant_id = $1"];
  const { status, before, limit } = filter;
  // The planner takes a partial index only where the query repeats the index's own condition.
  if (status === "dead") conditions.push("status = 'dead'");
  else if (status !== null) conditions.push(`status = ${put(status)}`);
  if (before !== null)
    conditions.push(
      `(created_at, delivery_id) < (${put(before.createdAt)}, ${put(before.deliveryId)})`,
    );
  const { rows } = await pool.query(
    `SELECT ${COLUMNS} FROM notice_deliveries WHERE ${conditions.join(" AND ")}
     ORDER BY created_at DESC, delivery_id DESC LIMIT ${put(limit)}`,
    values,
  );
  return z.array(RowSchema).parse(rows);
}

/** Has a delivery that came to its end tried anew, under the same id. Null where the tenant has none of that id that ended. */
export async function reopenDelivery(
  { pool }: Pool,
  tenantId: string,
  deliveryId: string,
): Promise<NoticeDeliveryRow | null> {
  const { rows } = await pool.query(
    `UPDATE notice_deliveries SET status = 'pending', attempts = 0, next_attempt_at = now(), opened_at = now(),
       settled_at = NULL
     WHERE tenant_id = $1 AND delivery_id = $2 AND status <> 'pending' RETURNING ${COLUMNS}`,
    [tenantId, deliveryId],
  );
  return rows[0] === undefined ? null : RowSchema.parse(rows[0]);
}

/** Has all deliveries of a tenant, or of one of its channels, tried anew that were given up; answers how many. Index: notice_deliveries_dead. */
export async function reopenDeadDeliveries(
  { pool }: Pool,
  tenantId: string,
  channelId: string | null,
): Promise<number> {
  const { rowCount } = await pool.query(
    `UPDATE notice_deliveries SET status = 'pending', attempts = 0, next_attempt_at = now(), opened_at = now(),
       settled_at = NULL
     WHERE tenant_id = $1 AND status = 'dead' AND ($2::text IS NULL OR channel_id = $2)`,
    [tenantId, channelId],
  );
  return rowCount ?? 0;
}

/** A tenant's delivery; null where it has none of that id. Index: the primary key. */
export async function findDeliveryRow(
  { pool }: Pool,
  tenantId: string,
  deliveryId: string,
): Promise<NoticeDeliveryRow | null> {
  const { rows } = await pool.query(
    `SELECT ${COLUMNS} FROM notice_deliveries WHERE tenant_id = $1 AND delivery_id = $2`,
    [tenantId, deliveryId],
  );
  return rows[0] === undefined ? null : RowSchema.parse(rows[0]);
}

/** Gives up deliveries that have been tried for so long, or waited for a receiver that rests; answers how many. Index: notice_deliveries_due. */
export async function giveUpDeliveries(
  { pool }: Pool,
  maxAgeMs: number,
  limit: number,
): Promise<number> {
  const { rowCount } = await pool.query(
    `UPDATE notice_deliveries d SET status = 'dead', settled_at = now(),
       last_error = coalesce(d.last_error, 'The receiver was not asked: it took nothing else either.')
     FROM (
       SELECT tenant_id, delivery_id FROM notice_deliveries
       WHERE status = 'pending' AND next_attempt_at <= now()
         AND opened_at < now() - make_interval(secs => $1::float8 / 1000)
       LIMIT $2 FOR UPDATE SKIP LOCKED) old
     WHERE d.tenant_id = old.tenant_id AND d.delivery_id = old.delivery_id`,
    [maxAgeMs, limit],
  );
  return rowCount ?? 0;
}

/** Removes deliveries that came to this end so many days ago; answers how many. Index: notice_deliveries_settled. */
export async function deleteSettledDeliveries(
  { pool }: Pool,
  {
    status,
    days,
    limit,
  }: { status: Exclude<DeliveryStatus, "pending">; days: number; limit: number },
): Promise<number> {
  const { rowCount } = await pool.query(
    `DELETE FROM notice_deliveries d USING (
       SELECT tenant_id, delivery_id FROM notice_deliveries
       WHERE status = $1 AND status <> 'pending' AND settled_at < now() - make_interval(days => $2)
       ORDER BY settled_at LIMIT $3 FOR UPDATE SKIP LOCKED) old
     WHERE d.tenant_id = old.tenant_id AND d.delivery_id = old.delivery_id`,
    [status, days, limit],
  );
  return rowCount ?? 0;
}
