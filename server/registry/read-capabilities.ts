import { effectContractOf, isDeprecated, type Capability } from "../../core/capability.ts";
import { compareVersions } from "../../core/registry-version.ts";
import type { RegistryReader } from "../api/registry-reader.ts";
import {
  findCapabilityVersion,
  listVersionsOfCapability,
} from "../database/capability-version-repository.ts";
import type { RegistryCatalog } from "./registry-catalog.ts";
import { registryNotFound, versionNotFound } from "./registry-not-found.ts";
import { toRegistryPage } from "./registry-page.ts";
import type { RegistryReading } from "./registry-reading.ts";
import { tagsOf } from "./tags-of.ts";

type CapabilityQueries = Pick<
  RegistryReader,
  "listCapabilities" | "getCapability" | "listCapabilityVersions"
>;

/** The queries about capabilities. An id may be an alias or a former name. */
export function readCapabilities({ database, catalogs }: RegistryReading): CapabilityQueries {
  const { prisma } = database;
  return {
    async listCapabilities(tenantId, filter) {
      const catalog = await catalogs.getCatalog(tenantId);
      return toRegistryPage(catalog.capabilities, filter, {
        idOf: ({ capability }) => capability.id,
        textOf: ({ capability }) =>
          `${capability.id} ${capability.description} ${tagsOf(capability.metadata)}`,
        toItem: ({ capability, importedAt }) => toItem(capability, importedAt, catalog),
      });
    },
    async getCapability(tenantId, id, version) {
      const catalog = await catalogs.getCatalog(tenantId);
      const latest = findLatest(catalog, id);
      const found = await findCapabilityVersion(
        prisma,
        tenantId,
        latest.id,
        version ?? latest.version,
      );
      if (found === null) throw versionNotFound("capability", id, version ?? latest.version);
      return {
        ...toItem(found.capability, found.importedAt, catalog),
        document: found.document,
        source: found.source,
        content_hash: found.contentHash,
        default_binding_id: catalog.defaults(null)[latest.id] ?? null,
      };
    },
    async listCapabilityVersions(tenantId, id) {
      const latest = findLatest(await catalogs.getCatalog(tenantId), id);
      const versions = await listVersionsOfCapability(prisma, tenantId, latest.id);
      return versions
        .toSorted((a, b) => compareVersions(b.capability.version, a.capability.version))
        .map(({ capability, contentHash, importedAt }) => ({
          version: capability.version,
          content_hash: contentHash,
          deprecated: isDeprecated(capability),
          imported_at: importedAt,
        }));
    },
  };
}

function findLatest(catalog: RegistryCatalog, id: string): Capability {
  const found = catalog.capability(id);
  if (found !== null) return found.capability;
  throw registryNotFound(
    "capability",
    id,
    catalog.capabilities.map(({ capability }) => capability.id),
  );
}

function toItem(capability: Capability, importedAt: string, catalog: RegistryCatalog) {
  return {
    id: capability.id,
    version: capability.version,
    description: capability.description,
    effect_class: effectContractOf(capability).effectClass,
    deprecated: isDeprecated(capability),
    binding_count: catalog.bindingsOf(capability.id).length,
    imported_at: importedAt,
  };
}
