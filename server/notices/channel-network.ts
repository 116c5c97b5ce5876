import type { Database } from "../database/client.ts";
import { findRunEnvironment } from "../database/policy-repository.ts";
import { listEnvironmentRows } from "../database/tenant-repository.ts";
import type { NetworkRules } from "../runtime/invokers/invoker.ts";

/** How far notices of an environment may reach; without one as far as those of the tenant's most open environment. */
export async function findChannelNetwork(
  database: Pick<Database, "pool" | "prisma">,
  tenantId: string,
  environment: string | null,
): Promise<NetworkRules> {
  if (environment !== null) {
    const found = await findRunEnvironment(database.pool, tenantId, environment);
    return { allowPrivate: found?.allowPrivateNetwork ?? false };
  }
  const rows = await listEnvironmentRows(database, tenantId);
  return { allowPrivate: rows.some(({ settings }) => settings.allow_private_network) };
}
