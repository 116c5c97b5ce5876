import type { Service } from "../../core/binding.ts";
import type { RegistryReader } from "../api/registry-reader.ts";
import {
  findServiceRevision,
  listRevisionsOfService,
} from "../database/service-revision-repository.ts";
import type { CatalogService, RegistryCatalog } from "./registry-catalog.ts";
import { registryNotFound, versionNotFound } from "./registry-not-found.ts";
import { toRegistryPage } from "./registry-page.ts";
import type { BreakerState, RegistryReading } from "./registry-reading.ts";

type ServiceQueries = Pick<RegistryReader, "listServices" | "getService" | "listServiceRevisions">;

/** The queries about services. `breakerOf` tells the state of this process's breaker. */
export function readServices(
  { database, catalogs }: RegistryReading,
  breakerOf: (tenantId: string, serviceId: string) => BreakerState,
): ServiceQueries {
  const { prisma } = database;
  return {
    async listServices(tenantId, filter) {
      const catalog = await catalogs.getCatalog(tenantId);
      const counts = countBindings(catalog);
      return toRegistryPage(catalog.services, filter, {
        idOf: ({ service }) => service.id,
        textOf: ({ service }) => `${service.id} ${service.kind} ${targetOf(service)}`,
        toItem: (entry) => toItem(entry, counts),
      });
    },
    async getService(tenantId, id, revision) {
      const catalog = await catalogs.getCatalog(tenantId);
      const latest = findLatest(catalog, id);
      const found = await findServiceRevision(prisma, tenantId, id, revision ?? latest.revision);
      if (found === null) throw versionNotFound("service", id, revision ?? latest.revision);
      return {
        ...toItem(found, countBindings(catalog)),
        document: found.document,
        source: found.source,
        breaker: breakerOf(tenantId, id),
      };
    },
    async listServiceRevisions(tenantId, id) {
      findLatest(await catalogs.getCatalog(tenantId), id);
      const revisions = await listRevisionsOfService(prisma, tenantId, id);
      return revisions.map(({ revision, contentHash, importedAt }) => ({
        revision,
        content_hash: contentHash,
        imported_at: importedAt,
      }));
    },
  };
}

function findLatest(catalog: RegistryCatalog, id: string): CatalogService {
  const found = catalog.service(id);
  if (found !== null) return found;
  throw registryNotFound(
    "service",
    id,
    catalog.services.map(({ service }) => service.id),
  );
}

function countBindings(catalog: RegistryCatalog): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { binding } of catalog.bindings)
    counts.set(binding.service, (counts.get(binding.service) ?? 0) + 1);
  return counts;
}

function toItem(
  { service, revision }: { service: Service; revision: number },
  counts: ReadonlyMap<string, number>,
) {
  return {
    id: service.id,
    revision,
    kind: service.kind,
    target: targetOf(service),
    binding_count: counts.get(service.id) ?? 0,
  };
}

/** Where a service points, in words. */
function targetOf({ base_url: baseUrl, spec_ref: specRef, module, server }: Service): string {
  if (typeof server === "string") return server;
  if (Array.isArray(server)) return server.join(" ");
  return server?.url ?? server?.command?.join(" ") ?? module ?? baseUrl ?? specRef ?? "";
}
