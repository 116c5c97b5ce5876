import type { z } from "zod";
import { toErrorRecord } from "../../core/errors.ts";
import { TEST_NOTICE } from "../../core/notice.ts";
import type { CallContext } from "../api/call-context.ts";
import type { ChannelTestSchema } from "../api/notice-schemas.ts";
import { findNoticeChannelRow } from "../database/notice-channel-repository.ts";
import { noChannel } from "./notice-channels.ts";
import { RefusedNoticeError } from "./notice-sender.ts";

type ChannelTest = z.output<typeof ChannelTestSchema>;

/**
 * Sends a channel one notice that tells of nothing, at once and once, and answers what became of it. A channel that is
 * switched off gets it too. It is in no list of deliveries. Throws `not_found`.
 */
export async function testChannel(ctx: CallContext, channelId: string): Promise<ChannelTest> {
  const { database, makeId, noticeSender, now } = ctx.dependencies;
  const channel =
    (await findNoticeChannelRow(database, ctx.tenantId, channelId)) ?? noChannel(channelId);
  const startedAt = now();
  const body = JSON.stringify({
    type: TEST_NOTICE,
    timestamp: startedAt.toISOString(),
    data: { tenant_id: ctx.tenantId, channel_id: channelId, channel_name: channel.name },
  });
  const { environment } = channel;
  const message = { id: makeId("noticeTest"), body, environment };
  const tookMs = () => now().getTime() - startedAt.getTime();
  try {
    const status = await noticeSender.send(channel, message, ctx.signal);
    return { is_delivered: true, last_status: status, problem: null, took_ms: tookMs() };
  } catch (error) {
    return {
      is_delivered: false,
      last_status: error instanceof RefusedNoticeError ? error.status : null,
      problem: toErrorRecord(error).message,
      took_ms: tookMs(),
    };
  }
}
