import type { z } from "zod";
import type { CallContext } from "../api/call-context.ts";
import type { EnvironmentItemSchema } from "../api/operation-schemas.ts";
import { listEnvironmentRows } from "../database/tenant-repository.ts";

/** The tenant's environments in the order in which they were made. */
export async function listEnvironments(
  ctx: CallContext,
): Promise<{ items: z.output<typeof EnvironmentItemSchema>[] }> {
  const rows = await listEnvironmentRows(ctx.dependencies.database, ctx.tenantId);
  return {
    items: rows.map(({ name, settings }) => ({ name, ...settings })),
  };
}
