import { CapabilitySchema } from "../../core/capability.ts";
import { JsonObjectSchema } from "../../core/field.ts";
import type { RegistryTx } from "./registry-repository.ts";
import type { NewDocument, StoredCapability } from "./registry-rows.ts";

/** Every version of every capability of the tenant. Index: the primary key. */
export async function listCapabilityVersions(
  tx: RegistryTx,
  tenantId: string,
): Promise<StoredCapability[]> {
  const rows = await tx.capabilityVersion.findMany({ where: { tenantId }, select: COLUMNS });
  return rows.map(toCapability);
}

export type NewCapability = NewDocument & { capabilityId: string; version: string };

/** Writes new versions. The caller has made sure, under `claimRegistryHead`, that none of them exists. */
export async function insertCapabilityVersions(
  tx: RegistryTx,
  tenantId: string,
  rows: NewCapability[],
): Promise<void> {
  await tx.capabilityVersion.createMany({ data: rows.map((row) => ({ tenantId, ...row })) });
}

/** Every version of one capability. Index: the primary key. */
export async function listVersionsOfCapability(
  tx: RegistryTx,
  tenantId: string,
  capabilityId: string,
): Promise<StoredCapability[]> {
  const rows = await tx.capabilityVersion.findMany({
    where: { tenantId, capabilityId },
    select: COLUMNS,
  });
  return rows.map(toCapability);
}

/** One version of a capability with the file that it was imported from. */
export async function findCapabilityVersion(
  tx: RegistryTx,
  tenantId: string,
  capabilityId: string,
  version: string,
): Promise<(StoredCapability & { source: string }) | null> {
  const row = await tx.capabilityVersion.findUnique({
    where: { tenantId_capabilityId_version: { tenantId, capabilityId, version } },
    select: { ...COLUMNS, source: true },
  });
  return row === null ? null : { ...toCapability(row), source: row.source };
}

const COLUMNS = { document: true, contentHash: true, importedAt: true } as const;

function toCapability(row: {
  document: unknown;
  contentHash: string;
  importedAt: Date;
}): StoredCapability {
  return {
    document: JsonObjectSchema.parse(row.document),
    capability: CapabilitySchema.parse(row.document),
    contentHash: row.contentHash,
    importedAt: row.importedAt.toISOString(),
  };
}
