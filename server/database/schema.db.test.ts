import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Pool } from "pg";
import { beforeAll, expect, test } from "vitest";
import { withSchemaEngine } from "./schema-engine.ts";
import { createTestDatabase, type TestDatabase } from "./test-database.ts";

const PRISMA = join(import.meta.dirname, "..", "..", "prisma");

let migrated: TestDatabase;
let declared: TestDatabase;
beforeAll(async () => {
  migrated = await createTestDatabase();
  declared = await createTestDatabase();
  await declared.pool.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
  await declared.pool.query(await schemaAsSql(declared.connectionString));
  return () => Promise.all([migrated.drop(), declared.drop()]);
});

test("the migrations make exactly the tables and columns that the schema declares", async () => {
  expect(await listColumns(migrated.pool)).toEqual(await listColumns(declared.pool));
});

test("every key, index and foreign key that the schema declares is made by the migrations", async () => {
  const made = await listIndexesAndKeys(migrated.pool);
  const promised = await listIndexesAndKeys(declared.pool);
  expect(promised.length).toBeGreaterThan(0);
  expect(promised.filter((definition) => !made.includes(definition))).toEqual([]);
});

async function schemaAsSql(connectionString: string): Promise<string> {
  const files = readdirSync(PRISMA)
    .filter((path) => path.endsWith(".prisma"))
    .map((path) => ({ path, content: readFileSync(join(PRISMA, path), "utf8") }));
  const { stdout } = await withSchemaEngine(connectionString, (engine) =>
    engine.diff({
      from: { tag: "empty" },
      to: { tag: "schemaDatamodel", files },
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    }),
  );
  return stdout ?? "";
}

/** A list column that Prisma declares is nullable for PostgreSQL; ours are not, so only the others' nullability counts. */
async function listColumns(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ line: string }>(`
    SELECT format('%s.%s %s %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                  CASE WHEN a.attnotnull OR a.attndims > 0 THEN 'required' ELSE 'optional' END) AS line
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND c.relname <> '_prisma_migrations' AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY 1`);
  return rows.map((row) => row.line);
}

async function listIndexesAndKeys(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ line: string }>(`
    SELECT regexp_replace(indexdef, 'INDEX \\S+ ON', 'INDEX ON') AS line
    FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL
    SELECT format('%s %s', conrelid::regclass, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace
    ORDER BY 1`);
  return rows.map((row) => row.line);
}
