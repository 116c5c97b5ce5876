import type { z } from "zod";
import { DomainError } from "../../core/errors.ts";
import type { CallContext } from "../api/call-context.ts";
import type {
  AddEmailSchema,
  AddWebhookSchema,
  ChannelListSchema,
  NoticeChannelSchema,
} from "../api/notice-schemas.ts";
import {
  deleteNoticeChannel,
  findNoticeChannelRow,
  insertNoticeChannel,
  listNoticeChannelRows,
  switchNoticeChannel,
  type NoticeChannelRow,
} from "../database/notice-channel-repository.ts";
import { listEnvironmentRows } from "../database/tenant-repository.ts";
import { createOnce, type CreatingCall } from "../idempotency/create-once.ts";
import { parseCallableUrl } from "../runtime/invokers/network-guard.ts";
import { assertReachable } from "./assert-reachable.ts";
import { noMailServer } from "./notice-sender.ts";
import { generateWebhookSecret } from "./sign-webhook.ts";

type ChannelView = z.output<typeof NoticeChannelSchema>;
type AddWebhook = z.output<typeof AddWebhookSchema>;
type AddEmail = z.output<typeof AddEmailSchema>;

/** The tenant's channels, oldest first, and whether others could be told by e-mail. */
export async function listNoticeChannels(
  ctx: CallContext,
): Promise<z.output<typeof ChannelListSchema>> {
  const { database, noticeSender } = ctx.dependencies;
  const rows = await listNoticeChannelRows(database, [ctx.tenantId]);
  return { items: rows.map(toView), can_send_email: noticeSender.hasMailServer };
}

/**
 * Adds a webhook; sent again under its Idempotency-Key, it is the same one with the same secret. Throws
 * `invalid_request` for a URL that cannot or must not be called and an environment that there is not.
 */
export async function addWebhook(
  ctx: CallContext,
  input: AddWebhook,
): Promise<{ channel: ChannelView; secret: string }> {
  const { seal } = ctx.dependencies;
  const row = await addOnce(ctx, "notices.addWebhook", input, async () => {
    const url = parseCallableUrl(input.url, "the webhook");
    const environment = input.environment ?? null;
    await assertEnvironment(ctx, environment);
    await assertReachable(ctx, url, environment);
    const secret = seal.close(input.secret ?? generateWebhookSecret());
    return { kind: "webhook", url: url.href, secret, recipients: [] };
  });
  return { channel: toView(row), secret: seal.open(row.secret ?? "") };
}

/** Adds an e-mail channel. Throws `invalid_configuration` where no mail server is configured. */
export async function addEmail(
  ctx: CallContext,
  input: AddEmail,
): Promise<{ channel: ChannelView }> {
  const row = await addOnce(ctx, "notices.addEmail", input, async () => {
    if (!ctx.dependencies.noticeSender.hasMailServer) throw noMailServer();
    await assertEnvironment(ctx, input.environment ?? null);
    return { kind: "email", url: null, secret: null, recipients: input.recipients };
  });
  return { channel: toView(row) };
}

/**
 * Switches a channel on or off. While it is off, new notices are not sent to it, and what waits is given up. Throws
 * `invalid_request` where its address must not be called (any more).
 */
export async function switchChannel(
  ctx: CallContext,
  channelId: string,
  isEnabled: boolean,
): Promise<{ channel: ChannelView }> {
  const { database } = ctx.dependencies;
  const known =
    (await findNoticeChannelRow(database, ctx.tenantId, channelId)) ?? noChannel(channelId);
  if (isEnabled && known.url !== null)
    await assertReachable(ctx, new URL(known.url), known.environment);
  const place = { tenantId: ctx.tenantId, channelId };
  const row = await switchNoticeChannel(database, place, isEnabled);
  return { channel: toView(row ?? noChannel(channelId)) };
}

/** Removes a channel for good. */
export async function removeChannel(
  ctx: CallContext,
  channelId: string,
): Promise<{ channel: ChannelView }> {
  const row = await deleteNoticeChannel(ctx.dependencies.database, ctx.tenantId, channelId);
  return { channel: toView(row ?? noChannel(channelId)) };
}

type Target = Pick<NoticeChannelRow, "kind" | "url" | "secret" | "recipients">;

/** Keeps a channel that `target` found nothing wrong with, once per Idempotency-Key. */
async function addOnce(
  ctx: CallContext,
  name: CreatingCall["name"],
  input: AddWebhook | AddEmail,
  target: () => Promise<Target>,
): Promise<NoticeChannelRow> {
  const { database, makeId, now } = ctx.dependencies;
  const find = (channelId: string) => findNoticeChannelRow(database, ctx.tenantId, channelId);
  const create = async (channelId: string) =>
    insertNoticeChannel(database, {
      ...(await target()),
      tenant_id: ctx.tenantId,
      channel_id: channelId,
      name: input.name,
      environment: input.environment ?? null,
      types: input.types,
      is_enabled: true,
      created_by: ctx.actor,
      created_at: now(),
    });
  let channelId: string;
  if (ctx.idempotencyKey === null) {
    channelId = makeId("noticeChannel");
    await create(channelId);
  } else {
    channelId = await createOnce(ctx, ctx.idempotencyKey, {
      name,
      input: { ...input },
      kind: "noticeChannel",
      hasAppeared: async (id) => (await find(id)) !== null,
      create,
    });
  }
  return (await find(channelId)) ?? noChannel(channelId);
}

/** Throws `not_found` for a channel that the tenant does not have. */
export function noChannel(channelId: string): never {
  throw new DomainError("not_found", `There is no channel ${channelId}.`, {
    hint: "List them with GET /api/v1/notice-channels.",
    details: { channel_id: channelId },
  });
}

async function assertEnvironment(ctx: CallContext, name: string | null): Promise<void> {
  if (name === null) return;
  const rows = await listEnvironmentRows(ctx.dependencies.database, ctx.tenantId);
  if (rows.some((row) => row.name === name)) return;
  throw new DomainError("invalid_request", `There is no environment ${name}.`, {
    hint: `There are ${rows.map((row) => row.name).join(", ")}.`,
    details: { environment: name },
  });
}

function toView({ tenant_id: _own, secret: _secret, ...row }: NoticeChannelRow): ChannelView {
  return { ...row, created_at: row.created_at.toISOString() };
}
