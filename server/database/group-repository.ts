import { z } from "zod";
import type { Database } from "./client.ts";

const RowSchema = z.object({
  name: z.string(),
  members: z.array(z.object({ user_id: z.string(), name: z.string(), email: z.string() })),
  created_by: z.string(),
  created_at: z.date(),
});

/** A group with its members by name. */
export type GroupRow = z.infer<typeof RowSchema>;

type Prisma = Pick<Database, "prisma">;

/** The tenant's groups by name, or the one of a name. Indexes: the primary keys. */
export async function listGroupRows(
  { pool }: Pick<Database, "pool">,
  tenantId: string,
  name: string | null,
): Promise<GroupRow[]> {
  const { rows } = await pool.query(
    `SELECT g.name, g.created_by, g.created_at,
       COALESCE((SELECT jsonb_agg(jsonb_build_object('user_id', u.id, 'name', u.name, 'email', u.email)
                                  ORDER BY u.name, u.id)
                 FROM group_members m JOIN users u ON u.id = m.user_id
                 WHERE m.tenant_id = g.tenant_id AND m.group_name = g.name), '[]') AS members
     FROM groups g WHERE g.tenant_id = $1 AND ($2::text IS NULL OR g.name = $2) ORDER BY g.name`,
    [tenantId, name],
  );
  return z.array(RowSchema).parse(rows);
}

/** Makes a group; false where the tenant has one of that name. */
export async function insertGroup(
  { prisma }: Prisma,
  group: { tenantId: string; name: string; createdBy: string; createdAt: Date },
  userIds: readonly string[],
): Promise<boolean> {
  return prisma.$transaction(async (tx) => {
    const { count } = await tx.group.createMany({ data: [group], skipDuplicates: true });
    if (count === 0) return false;
    const { tenantId, name } = group;
    await tx.groupMember.createMany({ data: memberRows(tenantId, name, userIds) });
    return true;
  });
}

/** Makes these people the members of a group, and nobody else; false where the tenant has no such group. */
export async function replaceGroupMembers(
  { prisma }: Prisma,
  { tenantId, name }: { tenantId: string; name: string },
  userIds: readonly string[],
): Promise<boolean> {
  return prisma.$transaction(async (tx) => {
    // Holds the group, so that of two lists at the same time one stays whole.
    const held = await tx.$queryRaw<unknown[]>`
      SELECT 1 FROM groups WHERE tenant_id = ${tenantId} AND name = ${name} FOR UPDATE`;
    if (held.length === 0) return false;
    await tx.groupMember.deleteMany({ where: { tenantId, groupName: name } });
    await tx.groupMember.createMany({ data: memberRows(tenantId, name, userIds) });
    return true;
  });
}

/** Removes a group with its memberships; false where the tenant has no such group. */
export async function deleteGroup(
  { prisma }: Prisma,
  { tenantId, name }: { tenantId: string; name: string },
): Promise<boolean> {
  const { count } = await prisma.group.deleteMany({ where: { tenantId, name } });
  return count > 0;
}

/** The ids of the tenant's people with these ids or e-mail addresses, by the name that was given. */
export async function findMemberIds(
  { pool }: Pick<Database, "pool">,
  tenantId: string,
  names: readonly string[],
): Promise<Map<string, string>> {
  const { rows } = await pool.query<{ given: string; id: string }>(
    `SELECT given.name AS given, u.id FROM unnest($2::text[]) AS given (name)
     JOIN users u ON u.id = given.name OR u.email = lower(given.name)
     JOIN memberships m ON m.user_id = u.id AND m.tenant_id = $1`,
    [tenantId, names],
  );
  return new Map(rows.map(({ given, id }) => [given, id]));
}

/** Those of the names that no group of the tenant has. */
export async function findUnknownGroups(
  { pool }: Pick<Database, "pool">,
  tenantId: string,
  names: readonly string[],
): Promise<string[]> {
  if (names.length === 0) return [];
  const { rows } = await pool.query<{ name: string }>(
    `SELECT name FROM unnest($2::text[]) AS given (name)
     WHERE NOT EXISTS (SELECT 1 FROM groups g WHERE g.tenant_id = $1 AND g.name = given.name)`,
    [tenantId, names],
  );
  return rows.map(({ name }) => name);
}

function memberRows(tenantId: string, groupName: string, userIds: readonly string[]) {
  return [...new Set(userIds)].map((userId) => ({ tenantId, groupName, userId }));
}
