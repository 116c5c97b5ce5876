import { afterAll, expect, test } from "vitest";
import { hashApiKey } from "./auth/api-key.ts";
import { createSignIn } from "./auth/sign-in.ts";
import { createTestDatabase, type TestDatabase } from "./database/test-database.ts";
import { importShippedRegistry } from "./import-shipped-registry.ts";
import { makeId } from "./make-id.ts";
import { DEFAULT_TENANT_ID, seed } from "./seed.ts";

const databases: TestDatabase[] = [];
const now = () => new Date();
const nothingGiven = { adminEmail: null, adminPassword: null, bootstrapApiKey: null };

async function emptyDatabase() {
  const database = await createTestDatabase();
  databases.push(database);
  return { ...database, close: database.drop };
}
afterAll(async () => {
  for (const database of databases) await database.drop();
});

test("the first start makes a tenant, three environments, an admin who can sign in, and a key that works", async () => {
  const database = await emptyDatabase();
  const made = await seed({ database, makeId, now }, nothingGiven);
  expect(made).toMatchObject({
    email: "admin@orca.localhost",
    password: expect.any(String),
    apiKey: expect.stringMatching(/^orca_/),
  });
  const signIn = createSignIn({ database, now });
  const attempt = { email: made?.email ?? "", password: made?.password ?? "", address: "::1" };
  expect(await signIn.withPassword(attempt)).toMatchObject({ name: "Administrator" });
  const key = await database.prisma.apiKey.findUnique({
    where: { hash: hashApiKey(made?.apiKey ?? "") },
  });
  expect(key).toMatchObject({ tenantId: DEFAULT_TENANT_ID, revokedAt: null });
  const environments = await database.prisma.environment.findMany({
    orderBy: { createdAt: "asc" },
  });
  expect(environments.map(({ name, settings }) => [name, settings])).toEqual([
    [
      "dev",
      {
        allow_private_network: true,
        trust_ceiling: "privileged",
        max_data_classification: "confidential",
        approved_connectors: ["*"],
        internal_services: [],
        sandboxed_services: [],
        approval_timeout_seconds: null,
        approvals: {},
      },
    ],
    [
      "staging",
      {
        allow_private_network: false,
        trust_ceiling: "elevated",
        max_data_classification: "confidential",
        approved_connectors: [],
        internal_services: [],
        sandboxed_services: [],
        approval_timeout_seconds: null,
        approvals: {},
      },
    ],
    [
      "prod",
      {
        allow_private_network: false,
        trust_ceiling: "elevated",
        max_data_classification: "restricted",
        approved_connectors: [],
        internal_services: [],
        sandboxed_services: [],
        approval_timeout_seconds: null,
        approvals: {},
      },
    ],
  ]);
});

test("what the environment gives is used and not said again, and counts at the first start only", async () => {
  const database = await emptyDatabase();
  const given = {
    adminEmail: "ada@example.com",
    adminPassword: "a long password",
    bootstrapApiKey: "key-of-the-first-start-0123",
  };
  expect(await seed({ database, makeId, now }, given)).toEqual({
    email: "ada@example.com",
    password: null,
    apiKey: null,
  });
  expect(
    await database.prisma.apiKey.count({ where: { hash: hashApiKey(given.bootstrapApiKey) } }),
  ).toBe(1);
  expect(
    await seed({ database, makeId, now }, { ...given, adminEmail: "eve@example.com" }),
  ).toBeNull();
  expect(await database.prisma.user.count()).toBe(1);
});

test("of two processes that start at once exactly one makes them", async () => {
  const database = await emptyDatabase();
  const made = await Promise.all([
    seed({ database, makeId, now }, nothingGiven),
    seed({ database, makeId, now }, nothingGiven),
  ]);
  expect(made.filter((result) => result !== null)).toHaveLength(1);
  expect(await database.prisma.user.count()).toBe(1);
});

test("the shipped registry is imported without an error, once", async () => {
  const database = await emptyDatabase();
  await seed({ database, makeId, now }, nothingGiven);
  const report = await importShippedRegistry({ database, makeId, now }, DEFAULT_TENANT_ID);
  expect(report?.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(report?.imported.skills).toBeGreaterThanOrEqual(12);
  expect(report?.imported.capabilities).toBeGreaterThanOrEqual(45);
  expect(await importShippedRegistry({ database, makeId, now }, DEFAULT_TENANT_ID)).toBeNull();
});
