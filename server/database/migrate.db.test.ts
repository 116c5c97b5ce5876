import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { migrate } from "./migrate.ts";
import { createTestDatabase, type TestDatabase } from "./test-database.ts";

const PRISMA = join(import.meta.dirname, "..", "..", "prisma");

let database: TestDatabase;
let folder: string;

beforeAll(async () => {
  database = await createTestDatabase();
  return database.drop;
});

beforeEach(async () => {
  await database.pool.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
  folder = await mkdtemp(join(tmpdir(), "orca-migrations-"));
  return () => rm(folder, { recursive: true });
});

test("an empty database gets every migration in order, and a second call applies nothing", async () => {
  const first = await migrate(database.connectionString);
  expect(first.applied[0]).toBe("0001_tenants");
  expect(first.applied).toEqual(first.applied.toSorted());
  expect(await migrate(database.connectionString)).toEqual({ applied: [] });
});

test("of several processes that start at once exactly one applies a migration, and all succeed", async () => {
  const outcomes = await Promise.all([1, 2, 3].map(() => migrate(database.connectionString)));
  expect(outcomes.filter((outcome) => outcome.applied.length > 0)).toHaveLength(1);
});

test("a database that knows a migration of a later release is refused by name", async () => {
  await cp(join(PRISMA, "migrations"), folder, { recursive: true });
  await addMigration("9999_from_the_future", "CREATE TABLE future (id int)");
  await migrate(database.connectionString, { migrations: folder });
  await expect(migrate(database.connectionString)).rejects.toMatchObject({
    code: "invalid_configuration",
    message: expect.stringContaining("newer than this program: it has 9999_from_the_future"),
  });
});

test("a migration that fails names itself and PostgreSQL's reason, and is not passed over later", async () => {
  await addMigration(
    "0001_broken",
    "CREATE TABLE good (id int); CREATE TABLE bad (id no_such_type)",
  );
  const attempt = () => migrate(database.connectionString, { migrations: folder });
  await expect(attempt()).rejects.toThrow(
    'The migration 0001_broken did not succeed: ERROR: type "no_such_type" does not exist',
  );
  await expect(attempt()).rejects.toThrow(
    /^The migration 0001_broken did not succeed: migrate found failed/,
  );
  // What docs/operations/database.md says to do once the cause is gone.
  await addMigration("0001_broken", "CREATE TABLE good (id int)");
  await database.pool.query("DELETE FROM _prisma_migrations WHERE finished_at IS NULL");
  expect(await attempt()).toEqual({ applied: ["0001_broken"] });
});

test("semicolons in comments and function bodies do not cut a migration", async () => {
  await addMigration(
    "0001_function",
    `-- First this; then that.
     CREATE FUNCTION answer() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 42; END $$;
     CREATE TABLE answers (n int DEFAULT answer());`,
  );
  const outcome = await migrate(database.connectionString, { migrations: folder });
  expect(outcome).toEqual({ applied: ["0001_function"] });
  expect((await database.pool.query("SELECT answer()")).rows).toEqual([{ answer: 42 }]);
});

test("a migration that fails leaves nothing of itself behind", async () => {
  await addMigration("0001_broken", "CREATE TABLE good (id int); SELECT 1/0;");
  await expect(migrate(database.connectionString, { migrations: folder })).rejects.toThrow(
    "division by zero",
  );
  expect((await database.pool.query("SELECT to_regclass('good') AS good")).rows).toEqual([
    { good: null },
  ]);
});

test("a server that does not answer is named without its password", async () => {
  const attempt = migrate("postgresql://orca:hunter2@127.0.0.1:1/orca");
  await expect(attempt).rejects.toMatchObject({ code: "unavailable" });
  await expect(attempt).rejects.toThrow(/^(?!.*hunter2).*orca at 127\.0\.0\.1:1 .*ECONNREFUSED/);
});

async function addMigration(name: string, sql: string): Promise<void> {
  await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, name, "migration.sql"), sql);
}
