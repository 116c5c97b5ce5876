import type { z } from "zod";
import type { ApiKeyItemSchema } from "../api/operation-schemas.ts";
import type { ApiKeyRow } from "../database/auth-repository.ts";

/** A key as lists show it: everything but the key. */
export function toApiKeyItem(row: ApiKeyRow): z.output<typeof ApiKeyItemSchema> {
  return {
    api_key_id: row.id,
    name: row.name,
    prefix: row.prefix,
    scopes: row.scopes,
    created_by: row.createdBy,
    created_at: row.createdAt.toISOString(),
    last_used_at: row.lastUsedAt?.toISOString() ?? null,
    revoked_at: row.revokedAt?.toISOString() ?? null,
  };
}
