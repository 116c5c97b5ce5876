import {
  addEmail,
  addWebhook,
  listNoticeChannels,
  removeChannel,
  switchChannel,
} from "../../notices/notice-channels.ts";
import { listDeliveries, redeliver, redeliverDead } from "../../notices/notice-deliveries.ts";
import { testChannel } from "../../notices/test-channel.ts";
import { listOf } from "../list-schemas.ts";
import {
  AddedWebhookSchema,
  AddEmailSchema,
  AddWebhookSchema,
  ChannelAnswerSchema,
  ChannelListSchema,
  ChannelTestSchema,
  DeliveriesFilterSchema,
  DeliveryAnswerSchema,
  NoticeDeliverySchema,
  OneChannelSchema,
  OneDeliverySchema,
  RedeliverDeadSchema,
  RedeliveredSchema,
  SwitchChannelSchema,
} from "../notice-schemas.ts";
import { operation, router } from "../operation.ts";

const permission = "notice:manage";
const tag = "Notices";

/** Where people outside are told of approvals, and what became of it. */
export const noticesRouter = router({
  channels: operation({
    method: "GET",
    path: "/notice-channels",
    permission,
    tag,
    summary: "List where notices are sent, oldest first",
  })
    .output(ChannelListSchema)
    .query(({ ctx }) => listNoticeChannels(ctx)),

  addWebhook: operation({
    method: "POST",
    path: "/notice-channels/webhooks",
    permission,
    status: 201,
    takesIdempotencyKey: true,
    tag,
    summary: "Have notices sent to a URL, signed",
  })
    .input(AddWebhookSchema)
    .output(AddedWebhookSchema)
    .mutation(({ ctx, input }) => addWebhook(ctx, input)),

  addEmail: operation({
    method: "POST",
    path: "/notice-channels/emails",
    permission,
    status: 201,
    takesIdempotencyKey: true,
    tag,
    summary: "Have notices sent by e-mail",
  })
    .input(AddEmailSchema)
    .output(ChannelAnswerSchema)
    .mutation(({ ctx, input }) => addEmail(ctx, input)),

  switchChannel: operation({
    method: "POST",
    path: "/notice-channels/{channel_id}/switch",
    permission,
    tag,
    summary: "Switch a channel on or off",
  })
    .input(SwitchChannelSchema)
    .output(ChannelAnswerSchema)
    .mutation(({ ctx, input }) => switchChannel(ctx, input.channel_id, input.is_enabled)),

  testChannel: operation({
    method: "POST",
    path: "/notice-channels/{channel_id}/test",
    permission,
    tag,
    summary: "Send a channel a notice that tells of nothing, and say what became of it",
  })
    .input(OneChannelSchema)
    .output(ChannelTestSchema)
    .mutation(({ ctx, input }) => testChannel(ctx, input.channel_id)),

  removeChannel: operation({
    method: "DELETE",
    path: "/notice-channels/{channel_id}",
    permission,
    tag,
    summary: "Send nothing there any more",
  })
    .input(OneChannelSchema)
    .output(ChannelAnswerSchema)
    .mutation(({ ctx, input }) => removeChannel(ctx, input.channel_id)),

  list: operation({
    method: "GET",
    path: "/notices",
    permission,
    tag,
    summary: "List deliveries of notices, newest first",
  })
    .input(DeliveriesFilterSchema)
    .output(listOf(NoticeDeliverySchema))
    .query(({ ctx, input }) => listDeliveries(ctx, input)),

  redeliver: operation({
    method: "POST",
    path: "/notices/{delivery_id}/redeliver",
    permission,
    tag,
    summary: "Send a notice again under its own id",
  })
    .input(OneDeliverySchema)
    .output(DeliveryAnswerSchema)
    .mutation(({ ctx, input }) => redeliver(ctx, input.delivery_id)),

  redeliverDead: operation({
    method: "POST",
    path: "/notices/redeliver",
    permission,
    tag,
    summary: "Send all notices again that were given up",
  })
    .input(RedeliverDeadSchema)
    .output(RedeliveredSchema)
    .mutation(({ ctx, input }) => redeliverDead(ctx, input.channel_id ?? null)),
});
