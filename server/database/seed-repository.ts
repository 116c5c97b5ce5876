import type { Permission, Role } from "../../core/permissions.ts";
import type { Database } from "./client.ts";
import type { EnvironmentSettings } from "./tenant-repository.ts";

type Prisma = Pick<Database, "prisma">;

export type TenantSeed = {
  tenant: { id: string; name: string };
  environments: { name: string; settings: EnvironmentSettings }[];
  admin: { id: string; email: string; name: string; passwordHash: string; role: Role };
  apiKey: { id: string; name: string; prefix: string; hash: string; scopes: Permission[] };
  at: Date;
};

/** True where the tenant stands already, so that the first start is over. */
export async function hasTenant({ prisma }: Prisma, tenantId: string): Promise<boolean> {
  return (
    (await prisma.tenant.findUnique({ where: { id: tenantId }, select: { id: true } })) !== null
  );
}

/** Writes the first tenant with its admin and key, all or nothing; false where another process was faster. */
export function insertTenantSeed({ prisma }: Prisma, seed: TenantSeed): Promise<boolean> {
  const { tenant, environments, admin, apiKey, at } = seed;
  return prisma.$transaction(async (tx) => {
    const inserted = await tx.tenant.createMany({
      data: [{ ...tenant, createdAt: at }],
      skipDuplicates: true,
    });
    if (inserted.count === 0) return false;
    await tx.environment.createMany({
      // A millisecond apart, so that they keep this order.
      data: environments.map((environment, index) => ({
        name: environment.name,
        settings: environment.settings,
        tenantId: tenant.id,
        createdAt: new Date(at.getTime() + index),
      })),
    });
    const { role, ...user } = admin;
    await tx.user.create({ data: { ...user, createdAt: at } });
    await tx.membership.create({
      data: { tenantId: tenant.id, userId: admin.id, role, createdAt: at },
    });
    await tx.apiKey.create({
      data: { ...apiKey, tenantId: tenant.id, createdBy: "bootstrap", createdAt: at },
    });
    return true;
  });
}

/** True where this actor has imported something into the tenant's registry. */
export async function hasImportBy(
  { prisma }: Prisma,
  tenantId: string,
  actor: string,
): Promise<boolean> {
  return (
    (await prisma.registryImport.findFirst({
      where: { tenantId, actor },
      select: { importId: true },
    })) !== null
  );
}
