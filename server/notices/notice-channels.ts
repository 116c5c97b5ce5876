import type { z } from "zod";
import { DomainError } from "../../core/errors.ts";
import type { CallContext } from "../api/call-context.ts";
import type {
  AddEmailSchema,
  AddWebhookSchema,
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
import { parseCallableUrl } from "../runtime/invokers/network-guard.ts";
import { assertReachable } from "./assert-reachable.ts";
import { noMailServer } from "./notice-sender.ts";
import { generateWebhookSecret } from "./sign-webhook.ts";

type ChannelView = z.output<typeof NoticeChannelSchema>;
type AddWebhook = z.output<typeof AddWebhookSchema>;
type AddEmail = z.output<typeof AddEmailSchema>;

/** The tenant's channels, oldest first. */
export async function listNoticeChannels(ctx: CallContext): Promise<{ items: ChannelView[] }> {
  const rows = await listNoticeChannelRows(ctx.dependencies.database, [ctx.tenantId]);
  return { items: rows.map(toView) };
}

/** Adds a webhook. Throws `invalid_request` for a URL that cannot or must not be called and an environment that there is not. */
export async function addWebhook(
  ctx: CallContext,
  { url, secret = generateWebhookSecret(), ...rest }: AddWebhook,
): Promise<{ channel: ChannelView; secret: string }> {
  const sealed = ctx.dependencies.seal.close(secret);
  const callable = parseCallableUrl(url, "the webhook");
  if (rest.environment !== undefined) await assertEnvironment(ctx, rest.environment);
  await assertReachable(ctx, callable, rest.environment ?? null);
  const row = await addChannel(ctx, rest, { kind: "webhook", url: callable.href, secret: sealed });
  return { channel: toView(row), secret };
}

/** Adds an e-mail channel. Throws `invalid_configuration` where no mail server is configured. */
export async function addEmail(
  ctx: CallContext,
  { recipients, ...rest }: AddEmail,
): Promise<{ channel: ChannelView }> {
  if (!ctx.dependencies.noticeSender.hasMailServer) throw noMailServer();
  if (rest.environment !== undefined) await assertEnvironment(ctx, rest.environment);
  return { channel: toView(await addChannel(ctx, rest, { kind: "email", recipients })) };
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

function noChannel(channelId: string): never {
  throw new DomainError("not_found", `There is no channel ${channelId}.`, {
    hint: "List them with GET /api/v1/notice-channels.",
    details: { channel_id: channelId },
  });
}

async function addChannel(
  ctx: CallContext,
  { name, types, environment }: Pick<AddWebhook, "name" | "types" | "environment">,
  target: Pick<NoticeChannelRow, "kind"> & Partial<NoticeChannelRow>,
): Promise<NoticeChannelRow> {
  const { database, makeId, now } = ctx.dependencies;
  const row: NoticeChannelRow = {
    url: null,
    secret: null,
    recipients: [],
    ...target,
    tenant_id: ctx.tenantId,
    channel_id: makeId("noticeChannel"),
    name,
    environment: environment ?? null,
    types,
    is_enabled: true,
    created_by: ctx.actor,
    created_at: now(),
  };
  await insertNoticeChannel(database, row);
  return row;
}

async function assertEnvironment(ctx: CallContext, name: string): Promise<void> {
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
