import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "pg";
import { DomainError } from "../../core/errors.ts";
import { withSchemaEngine } from "./schema-engine.ts";

const MIGRATIONS = fileURLToPath(new URL("../../prisma/migrations", import.meta.url));

/** Any number that no other advisory lock of the product uses; Prisma's engine takes one of its own besides. */
const MIGRATE_LOCK = 7_270_001;

export type MigrateOptions = {
  /** The folder of the migrations: prisma/migrations of this program when absent. */
  migrations?: string;
};

/**
 * Brings the database to the schema of this program and returns the migrations that it applied. Of several
 * processes that start at once one migrates and the others wait. Refuses with `invalid_configuration` when the
 * database knows migrations that this program does not, and with `unavailable` when it cannot be reached.
 */
export async function migrate(
  connectionString: string,
  options: MigrateOptions = {},
): Promise<{ applied: string[] }> {
  const folder = options.migrations ?? MIGRATIONS;
  const known = await listMigrations(folder);
  const client = await connect(connectionString);
  try {
    // Held until the connection ends, so a process that dies on the way frees it.
    await client.query("SELECT pg_advisory_lock($1)", [MIGRATE_LOCK]);
    const finished = await listFinished(client);
    refuseNewerDatabase(finished, known);
    if (known.every((name) => finished.includes(name))) return { applied: [] };
    return { applied: await apply(connectionString, folder, known) };
  } finally {
    await client.end();
  }
}

async function listMigrations(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

async function connect(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString, application_name: "orca migrate" });
  try {
    await client.connect();
    return client;
  } catch (cause) {
    const { host, port, database } = client;
    const reason =
      cause instanceof Error ? cause.message || String("code" in cause && cause.code) : "";
    throw new DomainError(
      "unavailable",
      `The database ${database ?? ""} at ${host}:${port} cannot be reached: ${reason}`,
      { hint: "Check DATABASE_URL, and that PostgreSQL runs and accepts connections.", cause },
    );
  }
}

async function listFinished(client: Client): Promise<string[]> {
  const table = await client.query<{ found: boolean }>(
    "SELECT to_regclass('_prisma_migrations') IS NOT NULL AS found",
  );
  if (table.rows[0]?.found !== true) return [];
  const { rows } = await client.query<{ migration_name: string }>(
    "SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL",
  );
  return rows.map((row) => row.migration_name);
}

function refuseNewerDatabase(finished: string[], known: string[]): void {
  const unknown = finished.filter((name) => !known.includes(name)).sort();
  if (unknown.length === 0) return;
  throw new DomainError(
    "invalid_configuration",
    `The database is newer than this program: it has ${unknown.join(", ")}, and this program knows migrations up to ${known.at(-1) ?? "none"}.`,
    {
      hint: "Start the newer release, or restore the backup that was made before its first start.",
      details: { unknown_migrations: unknown, newest_known_migration: known.at(-1) ?? null },
    },
  );
}

async function apply(connectionString: string, folder: string, known: string[]): Promise<string[]> {
  const migrationsList = {
    baseDir: folder,
    lockfile: { path: "migration_lock.toml", content: 'provider = "postgresql"' },
    shadowDbInitScript: "",
    migrationDirectories: await Promise.all(known.map((name) => readMigration(folder, name))),
  };
  const filters = { externalTables: [], externalEnums: [] };
  try {
    const output = await withSchemaEngine(connectionString, (engine) =>
      engine.applyMigrations({ migrationsList, filters }),
    );
    return output.appliedMigrationNames;
  } catch (cause) {
    const { name, reason } = readEngineError(cause);
    throw new DomainError(
      "invalid_configuration",
      `The migration ${name} did not succeed: ${reason}`,
      {
        hint: "docs/operations/database.md tells how to mend a migration that stopped half-way.",
        cause,
      },
    );
  }
}

/** The engine's message is a sentence of PostgreSQL's or its own, followed by a trace that names the migration. */
function readEngineError(thrown: unknown): { name: string; reason: string } {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const name =
    /migration_name="([^"]+)"/.exec(text)?.[1] ?? /The `([^`]+)` migration/.exec(text)?.[1];
  const [sentence = ""] = text.split(/\n\s+0: /);
  return { name: name ?? "of the database", reason: sentence.replace(/^.*(?=ERROR: )/s, "") };
}

async function readMigration(folder: string, name: string) {
  const path = "migration.sql";
  const value = await readFile(join(folder, name, path), "utf8");
  return { path: name, migrationFile: { path, content: { tag: "ok" as const, value } } };
}
