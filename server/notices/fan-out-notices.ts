import { createHash } from "node:crypto";
import { findApprovalRow } from "../database/approval-repository.ts";
import type { Database } from "../database/client.ts";
import {
  listNoticeChannelRows,
  type NoticeChannelRow,
} from "../database/notice-channel-repository.ts";
import { insertDeliveries, type NewDelivery } from "../database/notice-delivery-repository.ts";
import {
  insertExpiringNotices,
  listNewNotices,
  markFannedOut,
  type NoticeRow,
} from "../database/notice-repository.ts";
import { noticeBody } from "./notice-body.ts";

/** Notices that are taken together. */
const BATCH_NOTICES = 100;

/**
 * Writes a delivery for each channel that wants a notice. Ids are derived from notice and channel, so that a process
 * that dies between the two writes, or does it at the same time as another, makes nothing twice.
 */
export async function fanOutNotices(
  database: Pick<Database, "pool">,
  publicUrl: string | null,
): Promise<void> {
  await insertExpiringNotices(database);
  for (;;) {
    const notices = await listNewNotices(database, BATCH_NOTICES);
    if (notices.length === 0) return;
    const tenantIds = [...new Set(notices.map(({ tenant_id: id }) => id))];
    const channels = await listNoticeChannelRows(database, tenantIds);
    const deliveries: NewDelivery[] = [];
    for (const notice of notices)
      deliveries.push(...(await deliveriesOf(database, notice, channels, publicUrl)));
    await insertDeliveries(database, deliveries);
    await markFannedOut(database, notices);
    if (notices.length < BATCH_NOTICES) return;
  }
}

async function deliveriesOf(
  database: Pick<Database, "pool">,
  notice: NoticeRow,
  channels: readonly NoticeChannelRow[],
  publicUrl: string | null,
): Promise<NewDelivery[]> {
  const { tenant_id, notice_id, type, run_id, sequence } = notice;
  const wanted = channels.filter(
    (channel) =>
      channel.tenant_id === tenant_id && channel.is_enabled && channel.types.includes(type),
  );
  if (wanted.length === 0) return [];
  const approval = await findApprovalRow(database, tenant_id, { runId: run_id, sequence });
  if (approval === null) return [];
  const { environment } = approval;
  const body = JSON.stringify(noticeBody(notice, approval, publicUrl));
  return wanted
    .filter((channel) => channel.environment === null || channel.environment === environment)
    .map(({ channel_id }) => ({
      tenant_id,
      delivery_id: deliveryIdOf(notice_id, channel_id),
      notice_id,
      channel_id,
      type,
      run_id,
      sequence,
      environment,
      body,
    }));
}

function deliveryIdOf(noticeId: string, channelId: string): string {
  const digest = createHash("sha256").update(`${noticeId} ${channelId}`).digest("hex");
  return `dlv_${digest.slice(0, 32)}`;
}
