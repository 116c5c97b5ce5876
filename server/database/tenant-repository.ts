import { z } from "zod";
import { DomainError } from "../../core/errors.ts";
import type { Database } from "./client.ts";

const SettingsSchema = z.object({ allow_private_network: z.boolean().default(false) });
export type EnvironmentSettings = z.infer<typeof SettingsSchema>;
export type EnvironmentRow = { name: string; settings: EnvironmentSettings };

type Prisma = Pick<Database, "prisma">;

/** The tenant; `not_found` where there is none of that id. */
export async function getTenant(
  { prisma }: Prisma,
  tenantId: string,
): Promise<{ id: string; name: string }> {
  const tenant = await prisma.tenant.findUnique({ where: { id: tenantId } });
  if (tenant === null) throw new DomainError("not_found", `There is no tenant ${tenantId}.`);
  return { id: tenant.id, name: tenant.name };
}

/** The tenant's environments in the order in which they were made. */
export async function listEnvironmentRows(
  { prisma }: Prisma,
  tenantId: string,
): Promise<EnvironmentRow[]> {
  const rows = await prisma.environment.findMany({
    where: { tenantId },
    orderBy: [{ createdAt: "asc" }, { name: "asc" }],
  });
  return rows.map((row) => ({ name: row.name, settings: SettingsSchema.parse(row.settings) }));
}

/** One of the tenant's environments, or null. */
export async function findEnvironmentRow(
  { prisma }: Prisma,
  tenantId: string,
  name: string,
): Promise<EnvironmentRow | null> {
  const row = await prisma.environment.findUnique({ where: { tenantId_name: { tenantId, name } } });
  return row === null ? null : { name: row.name, settings: SettingsSchema.parse(row.settings) };
}
