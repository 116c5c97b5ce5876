import type { DeliveryStatus } from "../../core/notice.ts";
import type { Database } from "./client.ts";

type Pool = Pick<Database, "pool">;

/** Gives up deliveries to these receivers that have waited for so long; answers how many. Index: notice_deliveries_due. */
export async function giveUpDeliveries(
  { pool }: Pool,
  receivers: readonly { tenant_id: string; channel_id: string }[],
  { maxAgeMs, limit }: { maxAgeMs: number; limit: number },
): Promise<number> {
  if (receivers.length === 0) return 0;
  const { rowCount } = await pool.query(
    `UPDATE notice_deliveries d SET status = 'dead', settled_at = now(),
       last_error = coalesce(d.last_error, 'The receiver was not asked: it took nothing else either.')
     FROM (
       SELECT w.tenant_id, w.delivery_id
       FROM json_to_recordset($1) AS r (tenant_id text, channel_id text)
         JOIN notice_deliveries w USING (tenant_id, channel_id)
       WHERE w.status = 'pending' AND w.next_attempt_at <= now()
         AND w.opened_at < now() - make_interval(secs => $2::float8 / 1000)
       LIMIT $3 FOR UPDATE OF w SKIP LOCKED) old
     WHERE d.tenant_id = old.tenant_id AND d.delivery_id = old.delivery_id`,
    [JSON.stringify(receivers), maxAgeMs, limit],
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

/** Removes notices whose deliveries were made so many days ago; answers how many. Index: notices_told. */
export async function deleteToldNotices(
  { pool }: Pool,
  { days, limit }: { days: number; limit: number },
): Promise<number> {
  const { rowCount } = await pool.query(
    `DELETE FROM notices n USING (
       SELECT tenant_id, notice_id FROM notices
       WHERE fanned_out_at < now() - make_interval(days => $1)
       ORDER BY fanned_out_at LIMIT $2 FOR UPDATE SKIP LOCKED) old
     WHERE n.tenant_id = old.tenant_id AND n.notice_id = old.notice_id`,
    [days, limit],
  );
  return rowCount ?? 0;
}
