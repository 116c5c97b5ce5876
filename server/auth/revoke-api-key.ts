import type { z } from "zod";
import { DomainError } from "../../core/errors.ts";
import type { CallContext } from "../api/call-context.ts";
import type { ApiKeyItemSchema } from "../api/operation-schemas.ts";
import { revokeApiKeyRow } from "../database/auth-repository.ts";
import { toApiKeyItem } from "./api-key-item.ts";

/** Ends a key for good; calls with it are refused from then on. Revoking it again changes nothing. */
export async function revokeApiKey(
  ctx: CallContext,
  apiKeyId: string,
): Promise<z.output<typeof ApiKeyItemSchema>> {
  const { database, now } = ctx.dependencies;
  const row = await revokeApiKeyRow(database, ctx.tenantId, apiKeyId, now());
  if (row === null)
    throw new DomainError("not_found", `There is no API key ${apiKeyId}.`, {
      hint: "List keys with GET /api/v1/api-keys.",
    });
  return toApiKeyItem(row);
}
