import { z } from "zod";
import type { Database } from "./client.ts";

type Prisma = Pick<Database, "prisma">;

export type ApiKeyRow = {
  id: string;
  tenantId: string;
  name: string;
  prefix: string;
  hash: string;
  scopes: string[];
  createdBy: string;
  createdAt: Date;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
};

const ApiKeyRowSchema = z.object({
  id: z.string(),
  tenantId: z.string(),
  name: z.string(),
  prefix: z.string(),
  hash: z.string(),
  scopes: z.array(z.string()),
  createdBy: z.string(),
  createdAt: z.date(),
  lastUsedAt: z.date().nullable(),
  revokedAt: z.date().nullable(),
}) satisfies z.ZodType<ApiKeyRow>;

/**
 * The key with this hash, revoked ones included, or null. The hash is the credential: it alone names the tenant.
 * Asked by every call with a key, so a prepared statement. Index: api_keys_hash_key.
 */
export async function findApiKeyByHash(
  { pool }: Pick<Database, "pool">,
  hash: string,
): Promise<ApiKeyRow | null> {
  const { rows } = await pool.query({
    name: "find_api_key",
    text: `SELECT id, tenant_id AS "tenantId", name, prefix, hash, scopes, created_by AS "createdBy",
             created_at AS "createdAt", last_used_at AS "lastUsedAt", revoked_at AS "revokedAt"
           FROM api_keys WHERE hash = $1`,
    values: [hash],
  });
  return rows[0] === undefined ? null : ApiKeyRowSchema.parse(rows[0]);
}

/** Keeps a new key. */
export function insertApiKey(
  { prisma }: Prisma,
  row: Omit<ApiKeyRow, "lastUsedAt" | "revokedAt">,
): Promise<ApiKeyRow> {
  return prisma.apiKey.create({ data: row });
}

/** A tenant's keys, newest first, after the key at the cursor. */
export function listApiKeyRows(
  { prisma }: Prisma,
  tenantId: string,
  page: { before: { createdAt: Date; id: string } | null; limit: number },
): Promise<ApiKeyRow[]> {
  const { before } = page;
  const older =
    before === null
      ? {}
      : {
          OR: [
            { createdAt: { lt: before.createdAt } },
            { createdAt: before.createdAt, id: { lt: before.id } },
          ],
        };
  return prisma.apiKey.findMany({
    where: { tenantId, ...older },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: page.limit,
  });
}

/** Ends a key for good; null where the tenant has none of that id. A key that was revoked before keeps its time. */
export async function revokeApiKeyRow(
  { prisma }: Prisma,
  tenantId: string,
  id: string,
  at: Date,
): Promise<ApiKeyRow | null> {
  await prisma.apiKey.updateMany({
    where: { tenantId, id, revokedAt: null },
    data: { revokedAt: at },
  });
  return prisma.apiKey.findFirst({ where: { tenantId, id } });
}

/** Notes that a key was used. */
export async function touchApiKey(
  { prisma }: Prisma,
  tenantId: string,
  id: string,
  at: Date,
): Promise<void> {
  await prisma.apiKey.updateMany({ where: { tenantId, id }, data: { lastUsedAt: at } });
}

export type UserRow = { id: string; email: string; name: string; passwordHash: string | null };
export type MembershipRow = { tenantId: string; role: string; groups: string[] };

/** The person with this e-mail address (compared in lower case), or null. */
export function findUserByEmail({ prisma }: Prisma, email: string): Promise<UserRow | null> {
  return prisma.user.findUnique({ where: { email: email.toLowerCase() } });
}

/** The person and the tenant it belongs to longest, with its groups there, or null where it does not exist or belongs to none. */
export async function findUserWithMembership(
  { prisma }: Prisma,
  userId: string,
): Promise<{ user: UserRow; membership: MembershipRow } | null> {
  const user = await prisma.user.findUnique({
    where: { id: userId },
    include: {
      memberships: {
        orderBy: [{ createdAt: "asc" }, { tenantId: "asc" }],
        take: 1,
        include: { groups: { select: { groupName: true } } },
      },
    },
  });
  const membership = user?.memberships[0];
  if (user === null || membership === undefined) return null;
  const { tenantId, role } = membership;
  const groups = membership.groups.map(({ groupName }) => groupName);
  return { user, membership: { tenantId, role, groups } };
}

/** Those of the names that are no id or e-mail address of a member of the tenant, nor the id of one of its keys. */
export async function findUnknownPeople(
  { pool }: Pick<Database, "pool">,
  tenantId: string,
  names: readonly string[],
): Promise<string[]> {
  if (names.length === 0) return [];
  const { rows } = await pool.query<{ name: string }>(
    `SELECT name FROM unnest($2::text[]) AS given (name)
     WHERE NOT EXISTS (
         SELECT 1 FROM memberships m JOIN users u ON u.id = m.user_id
         WHERE m.tenant_id = $1 AND (u.id = given.name OR u.email = given.name))
       AND NOT EXISTS (SELECT 1 FROM api_keys k WHERE k.tenant_id = $1 AND k.id = given.name)`,
    [tenantId, names],
  );
  return rows.map(({ name }) => name);
}
