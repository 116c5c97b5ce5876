import { z } from "zod";
import { ApprovalPolicySourceSchema, NO_APPROVALS } from "../../core/approval-policy.ts";
import { DATA_CLASSIFICATIONS, TRUST_LEVELS } from "../../core/capability.ts";
import { DomainError } from "../../core/errors.ts";
import type { Database } from "./client.ts";

const ServicesSchema = z.array(z.string()).default([]).catch([]);

/**
 * What holds in an environment that says nothing else: `standard` runs over `internal` data, and no service outside the
 * process is approved or counts as inside. A value that cannot be read counts as the strictest.
 */
export const EnvironmentSettingsSchema = z.object({
  allow_private_network: z.boolean().default(false),
  trust_ceiling: z.enum(TRUST_LEVELS).default("standard").catch("sandbox"),
  max_data_classification: z.enum(DATA_CLASSIFICATIONS).default("internal").catch("public"),
  approved_connectors: ServicesSchema,
  internal_services: ServicesSchema,
  sandboxed_services: ServicesSchema,
  approval_timeout_seconds: z.number().positive().nullable().default(null).catch(null),
  // One that cannot be read has nobody decide.
  approvals: ApprovalPolicySourceSchema.default({}).catch(NO_APPROVALS),
});
export type EnvironmentSettings = z.infer<typeof EnvironmentSettingsSchema>;
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
  return rows.map((row) => ({
    name: row.name,
    settings: EnvironmentSettingsSchema.parse(row.settings),
  }));
}
