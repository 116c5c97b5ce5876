import { z } from "zod";
import { NOTICE_TYPES } from "../../core/notice.ts";
import type { Database } from "./client.ts";

const RowSchema = z.object({
  tenant_id: z.string(),
  notice_id: z.string(),
  type: z.enum(NOTICE_TYPES),
  run_id: z.string(),
  sequence: z.int(),
  occurred_at: z.date(),
});

/** A row of the outbox: what is to be told of the approval that the event at `sequence` of the run asked for. */
export type NoticeRow = z.infer<typeof RowSchema>;

type Pool = Pick<Database, "pool">;

/**
 * Writes a notice for every approval that will soon expire: an hour before, or once three quarters of a shorter time
 * have passed. Written once each, whoever looks. Index: approvals_expiring.
 */
export async function insertExpiringNotices({ pool }: Pool): Promise<void> {
  await pool.query(
    `INSERT INTO notices (tenant_id, notice_id, type, run_id, sequence, occurred_at)
     SELECT tenant_id, 'ntc_' || substring(run_id FROM 5) || '_' || sequence || '_expiring', 'approval.expiring',
       run_id, sequence, now()
     FROM approvals
     WHERE status = 'pending' AND expires_at IS NOT NULL AND expires_at < now() + interval '1 hour'
       AND expires_at > now() AND expires_at - least(interval '1 hour', (expires_at - created_at) / 4) <= now()
       AND NOT EXISTS (
         SELECT 1 FROM notices n WHERE n.tenant_id = approvals.tenant_id
           AND n.notice_id = 'ntc_' || substring(approvals.run_id FROM 5) || '_' || approvals.sequence || '_expiring')
     ON CONFLICT DO NOTHING`,
  );
}

/** Notices that are on no way yet: each tenant's oldest, the tenants in turn. Index: notices_new. */
export async function listNewNotices({ pool }: Pool, limit: number): Promise<NoticeRow[]> {
  const { rows } = await pool.query(
    `WITH RECURSIVE tenants AS (
       (SELECT tenant_id FROM notices WHERE fanned_out_at IS NULL ORDER BY tenant_id LIMIT 1)
       UNION ALL
       SELECT next.tenant_id FROM tenants t CROSS JOIN LATERAL (
         SELECT n.tenant_id FROM notices n WHERE n.fanned_out_at IS NULL AND n.tenant_id > t.tenant_id
         ORDER BY n.tenant_id LIMIT 1) next
     )
     SELECT n.* FROM tenants t CROSS JOIN LATERAL (
       SELECT ${Object.keys(RowSchema.shape).join(", ")}, row_number() OVER (ORDER BY occurred_at) AS turn
       FROM notices WHERE fanned_out_at IS NULL AND tenant_id = t.tenant_id ORDER BY occurred_at LIMIT $1) n
     ORDER BY n.turn, n.occurred_at LIMIT $1`,
    [limit],
  );
  return z.array(RowSchema).parse(rows);
}

/** Marks notices whose deliveries were all written. */
export async function markFannedOut({ pool }: Pool, notices: readonly NoticeRow[]): Promise<void> {
  await pool.query(
    `UPDATE notices n SET fanned_out_at = now()
     FROM unnest($1::text[], $2::text[]) AS done (tenant_id, notice_id)
     WHERE n.tenant_id = done.tenant_id AND n.notice_id = done.notice_id`,
    [notices.map((notice) => notice.tenant_id), notices.map((notice) => notice.notice_id)],
  );
}
