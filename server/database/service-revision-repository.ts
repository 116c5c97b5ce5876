import { z } from "zod";
import { ServiceSchema } from "../../core/binding.ts";
import { JsonObjectSchema } from "../../core/field.ts";
import type { RegistryTx } from "./registry-repository.ts";
import type { DocumentRevision, NewDocument, StoredService } from "./registry-rows.ts";

const RowsSchema = z.array(
  z.object({
    document: JsonObjectSchema,
    content_hash: z.string(),
    imported_at: z.date(),
    revision: z.number(),
  }),
);

/** The latest revision of every service of the tenant. Index: the primary key. */
export async function listLatestServices(
  tx: RegistryTx,
  tenantId: string,
): Promise<StoredService[]> {
  const rows: unknown = await tx.$queryRaw`
    SELECT DISTINCT ON (service_id) document, content_hash, imported_at, revision
    FROM service_revisions WHERE tenant_id = ${tenantId}
    ORDER BY service_id, revision DESC`;
  return RowsSchema.parse(rows).map((row) => ({
    document: row.document,
    service: ServiceSchema.parse(row.document),
    revision: row.revision,
    contentHash: row.content_hash,
    importedAt: row.imported_at.toISOString(),
  }));
}

export type NewService = NewDocument & { serviceId: string; revision: number };

/** Writes new revisions. The caller has counted them under `claimRegistryHead`. */
export async function insertServiceRevisions(
  tx: RegistryTx,
  tenantId: string,
  rows: NewService[],
): Promise<void> {
  await tx.serviceRevision.createMany({ data: rows.map((row) => ({ tenantId, ...row })) });
}

/** The history of one service, newest first. Index: the primary key. */
export async function listRevisionsOfService(
  tx: RegistryTx,
  tenantId: string,
  serviceId: string,
): Promise<DocumentRevision[]> {
  const rows = await tx.serviceRevision.findMany({
    where: { tenantId, serviceId },
    orderBy: { revision: "desc" },
    select: { revision: true, contentHash: true, importedAt: true },
  });
  return rows.map(({ revision, contentHash, importedAt }) => ({
    revision,
    contentHash,
    importedAt: importedAt.toISOString(),
  }));
}

/** The document and file of one revision. */
export async function findServiceRevision(
  tx: RegistryTx,
  tenantId: string,
  serviceId: string,
  revision: number,
): Promise<(StoredService & { source: string }) | null> {
  const row = await tx.serviceRevision.findUnique({
    where: { tenantId_serviceId_revision: { tenantId, serviceId, revision } },
  });
  if (row === null) return null;
  return {
    document: JsonObjectSchema.parse(row.document),
    service: ServiceSchema.parse(row.document),
    revision,
    contentHash: row.contentHash,
    importedAt: row.importedAt.toISOString(),
    source: row.source,
  };
}
