import type { RegistryReader } from "../api/registry-reader.ts";
import { importDocuments, type ImportDeps } from "./import-documents.ts";
import { readBindings } from "./read-bindings.ts";
import { readCapabilities } from "./read-capabilities.ts";
import { readServices } from "./read-services.ts";
import { readSkills } from "./read-skills.ts";
import type { RegistryCatalogs } from "./registry-catalogs.ts";
import type { BreakerState } from "./registry-reading.ts";

/** The registry as the API shows it, over the catalogs of this process and the database. */
export function createRegistryReader(
  deps: Omit<ImportDeps, "catalogs"> & {
    catalogs: RegistryCatalogs;
    breakerOf: (tenantId: string, serviceId: string) => BreakerState;
  },
): RegistryReader {
  return {
    ...readCapabilities(deps),
    ...readSkills(deps),
    ...readBindings(deps),
    ...readServices(deps, deps.breakerOf),
    forget: (tenantId) => deps.catalogs.forget(tenantId),
    importDocuments: async (tenantId, documents, options) =>
      await importDocuments(deps, { tenantId, documents, ...options }),
  };
}
