import { z } from "zod";
import type { JsonObject } from "../../core/json.ts";
import { listCapabilityVersions } from "./capability-version-repository.ts";
import { listLatestBindings } from "./binding-revision-repository.ts";
import { listDefaultSelections } from "./default-selection-repository.ts";
import type { Prisma, PrismaClient } from "./generated/client.ts";
import type { RegistryRows } from "./registry-rows.ts";
import { listLatestServices } from "./service-revision-repository.ts";
import { listSkillVersions } from "./skill-version-repository.ts";

/** A Prisma client, inside a transaction or not. */
export type RegistryTx = Prisma.TransactionClient;

const RevisionSchema = z.array(z.object({ revision: z.number() }));

/** How often the tenant's registry has changed. One row by primary key, so cheap enough to ask often. */
export async function findRegistryRevision(tx: RegistryTx, tenantId: string): Promise<number> {
  const head = await tx.registryHead.findUnique({ where: { tenantId } });
  return head?.revision ?? 0;
}

/** Keeps every other import of the tenant waiting until the transaction ends, and answers the present revision. */
export async function claimRegistryHead(tx: RegistryTx, tenantId: string): Promise<number> {
  const rows: unknown = await tx.$queryRaw`
    INSERT INTO registry_heads (tenant_id, revision) VALUES (${tenantId}, 0)
    ON CONFLICT (tenant_id) DO UPDATE SET revision = registry_heads.revision
    RETURNING revision`;
  return RevisionSchema.parse(rows)[0]?.revision ?? 0;
}

/** Raises the revision, so that every process reads the registry anew. Only under `claimRegistryHead`. */
export async function advanceRegistryHead(tx: RegistryTx, tenantId: string): Promise<void> {
  await tx.registryHead.update({ where: { tenantId }, data: { revision: { increment: 1 } } });
}

/** The tenant's whole registry. Of one moment only in a transaction that repeats its reads or holds the head. */
export async function findRegistryRows(tx: RegistryTx, tenantId: string): Promise<RegistryRows> {
  return {
    capabilities: await listCapabilityVersions(tx, tenantId),
    skills: await listSkillVersions(tx, tenantId),
    bindings: await listLatestBindings(tx, tenantId),
    services: await listLatestServices(tx, tenantId),
    defaults: await listDefaultSelections(tx, tenantId),
  };
}

/** Keeps the report of an import that wrote something. */
export async function insertRegistryImport(
  tx: RegistryTx,
  row: { tenantId: string; importId: string; actor: string; report: JsonObject; importedAt: Date },
): Promise<void> {
  await tx.registryImport.create({ data: row });
}

/** The tenant's whole registry and its revision, as of one moment. */
export async function findRegistry(
  prisma: PrismaClient,
  tenantId: string,
): Promise<{ revision: number; rows: RegistryRows }> {
  return await prisma.$transaction(
    async (tx) => ({
      revision: await findRegistryRevision(tx, tenantId),
      rows: await findRegistryRows(tx, tenantId),
    }),
    { isolationLevel: "RepeatableRead", timeout: READ_TIMEOUT_MS, maxWait: READ_TIMEOUT_MS },
  );
}

/** A registry of tens of thousands of documents takes seconds to read. */
const READ_TIMEOUT_MS = 60_000;
