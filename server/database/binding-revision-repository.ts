import { z } from "zod";
import { BindingSchema } from "../../core/binding.ts";
import { JsonObjectSchema } from "../../core/field.ts";
import type { RegistryTx } from "./registry-repository.ts";
import type { DocumentRevision, NewDocument, StoredBinding } from "./registry-rows.ts";

const RowsSchema = z.array(
  z.object({
    document: JsonObjectSchema,
    content_hash: z.string(),
    imported_at: z.date(),
    revision: z.number(),
  }),
);

/** The latest revision of every binding of the tenant. Index: the primary key. */
export async function listLatestBindings(
  tx: RegistryTx,
  tenantId: string,
): Promise<StoredBinding[]> {
  const rows: unknown = await tx.$queryRaw`
    SELECT DISTINCT ON (binding_id) document, content_hash, imported_at, revision
    FROM binding_revisions WHERE tenant_id = ${tenantId}
    ORDER BY binding_id, revision DESC`;
  return RowsSchema.parse(rows).map((row) => ({
    document: row.document,
    binding: BindingSchema.parse(row.document),
    revision: row.revision,
    contentHash: row.content_hash,
    importedAt: row.imported_at.toISOString(),
  }));
}

export type NewBinding = NewDocument & { bindingId: string; revision: number };

/** Writes new revisions. The caller has counted them under `claimRegistryHead`. */
export async function insertBindingRevisions(
  tx: RegistryTx,
  tenantId: string,
  rows: NewBinding[],
): Promise<void> {
  await tx.bindingRevision.createMany({ data: rows.map((row) => ({ tenantId, ...row })) });
}

/** The history of one binding, newest first. Index: the primary key. */
export async function listRevisionsOfBinding(
  tx: RegistryTx,
  tenantId: string,
  bindingId: string,
): Promise<DocumentRevision[]> {
  const rows = await tx.bindingRevision.findMany({
    where: { tenantId, bindingId },
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
export async function findBindingRevision(
  tx: RegistryTx,
  tenantId: string,
  bindingId: string,
  revision: number,
): Promise<(StoredBinding & { source: string }) | null> {
  const row = await tx.bindingRevision.findUnique({
    where: { tenantId_bindingId_revision: { tenantId, bindingId, revision } },
  });
  if (row === null) return null;
  return {
    document: JsonObjectSchema.parse(row.document),
    binding: BindingSchema.parse(row.document),
    revision,
    contentHash: row.contentHash,
    importedAt: row.importedAt.toISOString(),
    source: row.source,
  };
}
