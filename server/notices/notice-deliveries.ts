import { z } from "zod";
import { DomainError } from "../../core/errors.ts";
import { approvalIdOf } from "../../core/ids.ts";
import type { CallContext } from "../api/call-context.ts";
import { decodeCursor, encodeCursor } from "../api/list-cursor.ts";
import type { DeliveriesFilterSchema, NoticeDeliverySchema } from "../api/notice-schemas.ts";
import {
  findDeliveryRow,
  listDeliveryRows,
  reopenDeadDeliveries,
  reopenDelivery,
  type NoticeDeliveryRow,
} from "../database/notice-delivery-repository.ts";

type DeliveryView = z.output<typeof NoticeDeliverySchema>;

/** What of a notice's own text tells it from others (`noticeBody`). */
const BodySchema = z.object({
  data: z
    .object({ reason: z.string().nullable(), skill_id: z.string().nullable() })
    .catch({ reason: null, skill_id: null }),
});

const CursorSchema = z.tuple([z.iso.datetime(), z.string()]);

/** A page of the tenant's deliveries, newest first; with `status: dead`, those that were given up. */
export async function listDeliveries(
  ctx: CallContext,
  filter: z.output<typeof DeliveriesFilterSchema>,
): Promise<{ items: DeliveryView[]; next_cursor: string | null }> {
  const before = filter.cursor === undefined ? null : decodeCursor(filter.cursor, CursorSchema);
  const rows = await listDeliveryRows(ctx.dependencies.database, ctx.tenantId, {
    status: filter.status ?? null,
    before: before === null ? null : { createdAt: new Date(before[0]), deliveryId: before[1] },
    limit: filter.limit + 1,
  });
  const items = rows.slice(0, filter.limit).map(toView);
  const last = items.at(-1);
  const isMore = rows.length > filter.limit && last !== undefined;
  return { items, next_cursor: isMore ? encodeCursor([last.created_at, last.delivery_id]) : null };
}

/** Has a delivery that was given up, or taken, sent again under its own id. Throws `not_found`; one under way stays as it is. */
export async function redeliver(
  ctx: CallContext,
  deliveryId: string,
): Promise<{ delivery: DeliveryView }> {
  const { database } = ctx.dependencies;
  const row =
    (await reopenDelivery(database, ctx.tenantId, deliveryId)) ??
    (await findDeliveryRow(database, ctx.tenantId, deliveryId));
  if (row !== null) return { delivery: toView(row) };
  throw new DomainError("not_found", `There is no delivery ${deliveryId}.`, {
    hint: "List them with GET /api/v1/notices.",
    details: { delivery_id: deliveryId },
  });
}

/** Has all deliveries sent again that were given up, under their own ids; answers how many. Of another tenant's channel there are none. */
export async function redeliverDead(
  ctx: CallContext,
  channelId: string | null,
): Promise<{ count: number }> {
  const { database } = ctx.dependencies;
  return { count: await reopenDeadDeliveries(database, ctx.tenantId, channelId) };
}

function toView(row: NoticeDeliveryRow): DeliveryView {
  return {
    delivery_id: row.delivery_id,
    channel_id: row.channel_id,
    type: row.type,
    approval_id: approvalIdOf(row.run_id, row.sequence),
    ...BodySchema.parse(JSON.parse(row.body)).data,
    environment: row.environment,
    status: row.status,
    attempts: row.attempts,
    next_attempt_at: row.status === "pending" ? row.next_attempt_at.toISOString() : null,
    last_status: row.last_status,
    last_error: row.last_error,
    created_at: row.created_at.toISOString(),
    delivered_at: row.status === "delivered" ? (row.settled_at?.toISOString() ?? null) : null,
  };
}
