import { z } from "zod";
import { DELIVERY_STATUSES, NOTICE_TYPES, type DeliveryStatus } from "../../core/notice.ts";
import type { Database } from "./client.ts";

export const DeliveryRowSchema = z.object({
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
export type NoticeDeliveryRow = z.infer<typeof DeliveryRowSchema>;

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

const COLUMNS = Object.keys(DeliveryRowSchema.shape).join(", ");
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

/** What became of an attempt: delivered, tried again after a while, or given up. */
export type AttemptOutcome = { lastStatus: number | null } & (
  { kind: "delivered" } | { kind: "failed"; error: string; retryAfterMs: number | null }
);

/**
 * Writes down what became of the attempt that was taken. What was delivered is so whatever became of it since; a failure
 * counts only where nobody has taken the delivery again.
 */
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
     WHERE tenant_id = $1 AND delivery_id = $2 AND CASE WHEN $4 = 'delivered' THEN status <> 'delivered'
       ELSE attempts = $3 AND status = 'pending' END`,
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
  return z.array(DeliveryRowSchema).parse(rows);
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
  return rows[0] === undefined ? null : DeliveryRowSchema.parse(rows[0]);
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
  return rows[0] === undefined ? null : DeliveryRowSchema.parse(rows[0]);
}
