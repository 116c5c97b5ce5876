import type { Database } from "../database/client.ts";
import { findRegistry, findRegistryRevision } from "../database/registry-repository.ts";
import { buildRegistryCatalog } from "./build-registry-catalog.ts";
import type { RegistryCatalog } from "./registry-catalog.ts";

/** How long a catalog is used without asking whether another process changed the registry. */
export const CATALOG_CHECK_INTERVAL_MS = 500;

export type RegistryCatalogs = {
  /**
   * The tenant's registry in memory. At most half a second old; with `fresh`, as it is now. Cheap: no query while
   * young, one by primary key when not, the whole registry only after it changed.
   */
  getCatalog(tenantId: string, options?: { fresh?: boolean }): Promise<RegistryCatalog>;
  /** Makes the next call ask the database. For imports of this process. */
  forget(tenantId: string): void;
};

type Held = { revision: number; catalog: RegistryCatalog; checkedAt: number };

/** The catalogs of this process, one per tenant that was asked for. `now` is in milliseconds. */
export function createRegistryCatalogs(deps: {
  database: Pick<Database, "prisma">;
  now: () => number;
}): RegistryCatalogs {
  const { prisma } = deps.database;
  const held = new Map<string, Held>();
  const loading = new Map<string, Promise<Held>>();

  async function load(tenantId: string): Promise<Held> {
    const checkedAt = deps.now();
    const known = held.get(tenantId);
    const revision = known === undefined ? null : await findRegistryRevision(prisma, tenantId);
    if (known !== undefined && revision === known.revision) return { ...known, checkedAt };
    const found = await findRegistry(prisma, tenantId);
    return { revision: found.revision, catalog: buildRegistryCatalog(found.rows), checkedAt };
  }

  /** Callers share one query; a later `fresh` or `forget` starts another, whose result then counts. */
  async function refresh(tenantId: string, isShared: boolean): Promise<RegistryCatalog> {
    const running = loading.get(tenantId);
    if (running !== undefined && isShared) return (await running).catalog;
    const started = load(tenantId);
    loading.set(tenantId, started);
    try {
      const loaded = await started;
      if (loading.get(tenantId) === started) held.set(tenantId, loaded);
      return loaded.catalog;
    } finally {
      if (loading.get(tenantId) === started) loading.delete(tenantId);
    }
  }

  return {
    async getCatalog(tenantId, { fresh = false } = {}) {
      const known = held.get(tenantId);
      const isYoung =
        known !== undefined && deps.now() - known.checkedAt < CATALOG_CHECK_INTERVAL_MS;
      if (isYoung && !fresh) return known.catalog;
      return await refresh(tenantId, !fresh);
    },
    forget(tenantId) {
      const known = held.get(tenantId);
      if (known !== undefined)
        held.set(tenantId, { ...known, checkedAt: Number.NEGATIVE_INFINITY });
      loading.delete(tenantId); // what is being read may be older than what was just written
    },
  };
}
