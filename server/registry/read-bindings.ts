import type { Binding } from "../../core/binding.ts";
import type { RegistryReader } from "../api/registry-reader.ts";
import {
  findBindingRevision,
  listRevisionsOfBinding,
} from "../database/binding-revision-repository.ts";
import type { CatalogBinding, RegistryCatalog } from "./registry-catalog.ts";
import { registryNotFound, versionNotFound } from "./registry-not-found.ts";
import { toRegistryPage } from "./registry-page.ts";
import type { RegistryReading } from "./registry-reading.ts";

type BindingQueries = Pick<RegistryReader, "listBindings" | "getBinding" | "listBindingRevisions">;

/** The queries about bindings. */
export function readBindings({ database, catalogs }: RegistryReading): BindingQueries {
  const { prisma } = database;
  return {
    async listBindings(tenantId, filter) {
      const catalog = await catalogs.getCatalog(tenantId);
      return toRegistryPage(catalog.bindings, filter, {
        idOf: ({ binding }) => binding.id,
        textOf: ({ binding }) =>
          `${binding.id} ${binding.capability} ${binding.service} ${binding.operation}`,
        toItem: (entry) => toItem(entry, catalog),
      });
    },
    async getBinding(tenantId, id, revision) {
      const catalog = await catalogs.getCatalog(tenantId);
      const latest = findLatest(catalog, id);
      const found = await findBindingRevision(prisma, tenantId, id, revision ?? latest.revision);
      if (found === null) throw versionNotFound("binding", id, revision ?? latest.revision);
      return { ...toItem(found, catalog), document: found.document, source: found.source };
    },
    async listBindingRevisions(tenantId, id) {
      findLatest(await catalogs.getCatalog(tenantId), id);
      const revisions = await listRevisionsOfBinding(prisma, tenantId, id);
      return revisions.map(({ revision, contentHash, importedAt }) => ({
        revision,
        content_hash: contentHash,
        imported_at: importedAt,
      }));
    },
  };
}

function findLatest(catalog: RegistryCatalog, id: string): CatalogBinding {
  const found = catalog.binding(id);
  if (found !== null) return found;
  throw registryNotFound(
    "binding",
    id,
    catalog.bindings.map(({ binding }) => binding.id),
  );
}

function toItem(
  { binding, revision }: { binding: Binding; revision: number },
  catalog: RegistryCatalog,
) {
  const capabilityId = catalog.capability(binding.capability)?.capability.id ?? binding.capability;
  return {
    id: binding.id,
    revision,
    capability_id: binding.capability,
    service_id: binding.service,
    protocol: binding.protocol,
    operation: binding.operation,
    status: binding.metadata.status ?? "unspecified",
    is_default: catalog.defaults(null)[capabilityId] === binding.id,
  };
}
