import { z } from "zod";
import type { CallContext } from "../api/call-context.ts";
import type { ApiKeyItemSchema } from "../api/operation-schemas.ts";
import { listApiKeyRows } from "../database/auth-repository.ts";
import { decodeCursor, encodeCursor } from "../api/list-cursor.ts";
import { toApiKeyItem } from "./api-key-item.ts";

const CursorSchema = z.tuple([z.iso.datetime(), z.string()]);

/** A page of the tenant's API keys, revoked ones included, newest first. */
export async function listApiKeys(
  ctx: CallContext,
  page: { cursor?: string | undefined; limit: number },
): Promise<{ items: z.output<typeof ApiKeyItemSchema>[]; next_cursor: string | null }> {
  const at = page.cursor === undefined ? null : decodeCursor(page.cursor, CursorSchema);
  const rows = await listApiKeyRows(ctx.dependencies.database, ctx.tenantId, {
    before: at === null ? null : { createdAt: new Date(at[0]), id: at[1] },
    limit: page.limit + 1,
  });
  const items = rows.slice(0, page.limit).map(toApiKeyItem);
  const last = items.at(-1);
  const isMore = rows.length > page.limit && last !== undefined;
  return { items, next_cursor: isMore ? encodeCursor([last.created_at, last.api_key_id]) : null };
}
