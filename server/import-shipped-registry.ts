import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import type { Database } from "./database/client.ts";
import { hasImportBy } from "./database/seed-repository.ts";
import { importDocuments, type ImportDeps } from "./registry/import-documents.ts";
import type { ImportReport } from "./registry/import-report.ts";
import { readDirectory } from "./registry/read-directory.ts";

const SHIPPED = fileURLToPath(new URL("../registry", import.meta.url));

/**
 * Imports the registry that ships with this program into a tenant, once per content: what people changed since then
 * (their own versions, other default bindings) stays. Null where it was imported before.
 */
export async function importShippedRegistry(
  dependencies: ImportDeps & { database: Database },
  tenantId: string,
): Promise<ImportReport | null> {
  const documents = await readDirectory(SHIPPED);
  const hash = createHash("sha256");
  for (const { path, content } of documents) hash.update(`${path}\0${content}\0`);
  const actor = `system:shipped-${hash.digest("hex").slice(0, 16)}`;
  if (await hasImportBy(dependencies.database, tenantId, actor)) return null;
  return importDocuments(dependencies, { tenantId, documents, dryRun: false, actor });
}
