import type { z } from "zod";
import type { CallContext } from "../api/call-context.ts";
import type { MeSchema } from "../api/operation-schemas.ts";
import { getTenant, listEnvironmentRows } from "../database/tenant-repository.ts";

/** Who the caller is, in which tenant, and what it may do there. */
export async function getMe(ctx: CallContext): Promise<z.output<typeof MeSchema>> {
  const { database } = ctx.dependencies;
  const { subject, role, permissions } = ctx.caller;
  const [tenant, environments] = await Promise.all([
    getTenant(database, ctx.tenantId),
    listEnvironmentRows(database, ctx.tenantId),
  ]);
  return {
    user: { user_id: subject.id, name: subject.name, email: subject.email },
    tenant: { tenant_id: tenant.id, name: tenant.name },
    role,
    permissions: [...permissions],
    environments: environments.map((environment) => environment.name),
  };
}
