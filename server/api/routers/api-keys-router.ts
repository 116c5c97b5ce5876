import { z } from "zod";
import { createApiKey } from "../../auth/create-api-key.ts";
import { listApiKeys } from "../../auth/list-api-keys.ts";
import { revokeApiKey } from "../../auth/revoke-api-key.ts";
import { listOf, PageSchema } from "../list-schemas.ts";
import { operation, router } from "../operation.ts";
import { ApiKeyItemSchema, CreateApiKeySchema, CreatedApiKeySchema } from "../operation-schemas.ts";

const permission = "key:manage";
const tag = "API keys";

/** A tenant's API keys. */
export const apiKeysRouter = router({
  list: operation({
    method: "GET",
    path: "/api-keys",
    permission,
    tag,
    summary: "List API keys, newest first",
  })
    .input(PageSchema)
    .output(listOf(ApiKeyItemSchema))
    .query(({ ctx, input }) => listApiKeys(ctx, input)),

  create: operation({
    method: "POST",
    path: "/api-keys",
    permission,
    status: 201,
    tag,
    summary: "Create an API key",
  })
    .input(CreateApiKeySchema)
    .output(CreatedApiKeySchema)
    .mutation(({ ctx, input }) => createApiKey(ctx, input)),

  revoke: operation({
    method: "POST",
    path: "/api-keys/{api_key_id}/revoke",
    permission,
    tag,
    summary: "Revoke an API key",
  })
    .input(z.strictObject({ api_key_id: z.string().min(1).max(100) }))
    .output(ApiKeyItemSchema)
    .mutation(({ ctx, input }) => revokeApiKey(ctx, input.api_key_id)),
});
