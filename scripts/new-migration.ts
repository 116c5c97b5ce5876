import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { removePostgresFolder } from "../server/database/embedded/postgres-folder.ts";
import { startEmbeddedPostgres } from "../server/database/embedded-postgres.ts";
import { withSchemaEngine } from "../server/database/schema-engine.ts";
import { PROJECT } from "./project.ts";

/**
 * npm run db:migration -- <name> [noun.prisma …]
 * Writes prisma/migrations/NNNN_<name>/migration.sql: what leads from the schema at HEAD to the one in the
 * working tree; with file names, only those files are taken from the working tree. Read it and add what Prisma
 * cannot say (CHECKs, partial indexes) before committing it together with the schema.
 */
const [name, ...nouns] = process.argv.slice(2);
if (name === undefined || !/^[a-z0-9_]+$/.test(name)) {
  console.error("Usage: npm run db:migration -- <name_in_snake_case> [noun.prisma …]");
  process.exit(2);
}

const now = readSchema();
const head = readSchemaAtHead();
// The file with the datasource holds no model: without it the engine would not read the others.
const before = mixSchemas(head, now, ["schema.prisma"]);
const after = nouns.length === 0 ? now : mixSchemas(before, now, nouns);
const scratch = join(PROJECT, ".cache", `migration-${process.pid}`);
const postgres = await startEmbeddedPostgres({ dataDir: scratch });
const { stdout } = await withSchemaEngine(postgres.connectionString, (engine) =>
  engine.diff({
    from: { tag: "schemaDatamodel", files: before },
    to: { tag: "schemaDatamodel", files: after },
    script: true,
    exitCode: null,
    filters: { externalTables: [], externalEnums: [] },
  }),
);
await postgres.stop();
await removePostgresFolder(scratch);

// The schema public exists, and the role of a hosted database may not be allowed to create one.
const sql = (stdout ?? "").replace(/^-- CreateSchema\n.*\n\n/, "");
if (sql.trim() === "" || sql.includes("This is an empty migration")) {
  console.log("The schema has not changed since HEAD: nothing to write.");
  process.exit(0);
}
const migrations = join(PROJECT, "prisma", "migrations");
const last = Math.max(0, ...readdirSync(migrations).map((entry) => parseInt(entry, 10) || 0));
const folder = `${String(last + 1).padStart(4, "0")}_${name}`;
mkdirSync(join(migrations, folder));
writeFileSync(join(migrations, folder, "migration.sql"), sql);
console.log(`Wrote prisma/migrations/${folder}/migration.sql`);

type SchemaFile = { path: string; content: string };

function readSchema(): SchemaFile[] {
  return readdirSync(join(PROJECT, "prisma"))
    .filter((file) => file.endsWith(".prisma"))
    .map((path) => ({ path, content: readFileSync(join(PROJECT, "prisma", path), "utf8") }));
}

function readSchemaAtHead(): SchemaFile[] {
  return git("ls-tree", "--name-only", "HEAD", "prisma/")
    .split("\n")
    .filter((file) => file.endsWith(".prisma"))
    .map((file) => ({ path: file.slice("prisma/".length), content: git("show", `HEAD:${file}`) }));
}

function mixSchemas(before: SchemaFile[], now: SchemaFile[], changed: string[]): SchemaFile[] {
  const kept = before.filter((file) => !changed.includes(file.path));
  return [...kept, ...now.filter((file) => changed.includes(file.path))];
}

function git(...args: string[]): string {
  return execFileSync("git", args, { cwd: PROJECT, encoding: "utf8" });
}
