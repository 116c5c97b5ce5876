import type { z } from "zod";
import { DomainError } from "../../core/errors.ts";
import type { CallContext } from "../api/call-context.ts";
import type { CreateApiKeySchema, CreatedApiKeySchema } from "../api/operation-schemas.ts";
import { insertApiKey } from "../database/auth-repository.ts";
import { toApiKeyItem } from "./api-key-item.ts";
import { generateApiKey } from "./api-key.ts";

/** Makes a key that may do at most what its maker may. The answer is the only place where the key is shown. */
export async function createApiKey(
  ctx: CallContext,
  input: z.output<typeof CreateApiKeySchema>,
): Promise<z.output<typeof CreatedApiKeySchema>> {
  const excess = input.scopes.filter((scope) => !ctx.caller.permissions.has(scope));
  if (excess.length > 0) {
    throw new DomainError(
      "forbidden",
      `You cannot hand out what you may not do yourself: ${excess.join(", ")}.`,
      {
        hint: "Leave these scopes out.",
        details: { scopes: excess },
      },
    );
  }
  const { key, prefix, hash } = generateApiKey();
  const row = await insertApiKey(ctx.dependencies.database, {
    id: ctx.dependencies.makeId("apiKey"),
    tenantId: ctx.tenantId,
    name: input.name,
    prefix,
    hash,
    scopes: [...new Set(input.scopes)],
    createdBy: ctx.actor,
    createdAt: ctx.dependencies.now(),
  });
  return { ...toApiKeyItem(row), key };
}
