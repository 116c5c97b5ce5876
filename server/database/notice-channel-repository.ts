import { z } from "zod";
import { NOTICE_CHANNEL_KINDS, NOTICE_TYPES } from "../../core/notice.ts";
import type { Database } from "./client.ts";

const RowSchema = z.object({
  tenant_id: z.string(),
  channel_id: z.string(),
  name: z.string(),
  kind: z.enum(NOTICE_CHANNEL_KINDS),
  environment: z.string().nullable(),
  url: z.string().nullable(),
  secret: z.string().nullable(),
  recipients: z.array(z.string()),
  types: z.array(z.enum(NOTICE_TYPES)),
  is_enabled: z.boolean(),
  created_by: z.string(),
  created_at: z.date(),
});

/** A row of `notice_channels`; the secret is sealed. */
export type NoticeChannelRow = z.infer<typeof RowSchema>;

const COLUMNS = Object.keys(RowSchema.shape).join(", ");

type Pool = Pick<Database, "pool">;

/** Keeps a new channel; one of its id that is there already stays as it is. */
export async function insertNoticeChannel({ pool }: Pool, row: NoticeChannelRow): Promise<void> {
  await pool.query(
    `INSERT INTO notice_channels (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     ON CONFLICT DO NOTHING`,
    [
      row.tenant_id,
      row.channel_id,
      row.name,
      row.kind,
      row.environment,
      row.url,
      row.secret,
      row.recipients,
      row.types,
      row.is_enabled,
      row.created_by,
      row.created_at,
    ],
  );
}

/** All channels of the tenants, oldest first. Index: the primary key. */
export async function listNoticeChannelRows(
  { pool }: Pool,
  tenantIds: readonly string[],
): Promise<NoticeChannelRow[]> {
  const { rows } = await pool.query(
    `SELECT ${COLUMNS} FROM notice_channels WHERE tenant_id = ANY($1)
     ORDER BY created_at, channel_id`,
    [tenantIds],
  );
  return z.array(RowSchema).parse(rows);
}

/** A tenant's channel; null where it has none of that id. Index: the primary key. */
export async function findNoticeChannelRow(
  { pool }: Pool,
  tenantId: string,
  channelId: string,
): Promise<NoticeChannelRow | null> {
  const { rows } = await pool.query(
    `SELECT ${COLUMNS} FROM notice_channels WHERE tenant_id = $1 AND channel_id = $2`,
    [tenantId, channelId],
  );
  return rows[0] === undefined ? null : RowSchema.parse(rows[0]);
}

/** Lets a channel's notices out, or holds them back; null where the tenant has no such channel. */
export async function switchNoticeChannel(
  { pool }: Pool,
  place: { tenantId: string; channelId: string },
  isEnabled: boolean,
): Promise<NoticeChannelRow | null> {
  const { rows } = await pool.query(
    `UPDATE notice_channels SET is_enabled = $3 WHERE tenant_id = $1 AND channel_id = $2
     RETURNING ${COLUMNS}`,
    [place.tenantId, place.channelId, isEnabled],
  );
  return rows[0] === undefined ? null : RowSchema.parse(rows[0]);
}

/** Removes a channel; what was on its way is given up with the next attempt. Null where the tenant has no such channel. */
export async function deleteNoticeChannel(
  { pool }: Pool,
  tenantId: string,
  channelId: string,
): Promise<NoticeChannelRow | null> {
  const { rows } = await pool.query(
    `DELETE FROM notice_channels WHERE tenant_id = $1 AND channel_id = $2 RETURNING ${COLUMNS}`,
    [tenantId, channelId],
  );
  return rows[0] === undefined ? null : RowSchema.parse(rows[0]);
}
