import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { Client } from "pg";
import { removePostgresFolder } from "./embedded/postgres-folder.ts";
import { removeLeftovers } from "./embedded/remove-leftovers.ts";
import { startEmbeddedPostgres } from "./embedded-postgres.ts";
import { migrate } from "./migrate.ts";

/** Databases of tests live here, each in a folder that starts with the number of the process that owns it. */
export const TEST_POSTGRES_FOLDER = join(
  import.meta.dirname,
  "..",
  "..",
  ".cache",
  "test-postgres",
);
const TEMPLATE = "orca_template";

/** Nothing of a test run must survive a power cut; everything else is as in earnest. */
const SETTINGS = {
  fsync: "off",
  shared_buffers: "128MB",
  max_connections: "300",
  max_wal_size: "1GB",
};

/** Vitest's global set-up of the database tests: one PostgreSQL for the run, with a migrated template to copy. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  await removeLeftovers(TEST_POSTGRES_FOLDER);
  const dataDir = join(TEST_POSTGRES_FOLDER, String(process.pid));
  const postgres = await startEmbeddedPostgres({ dataDir, settings: SETTINGS });
  const teardown = async () => {
    await postgres.stop();
    await removePostgresFolder(dataDir);
  };
  try {
    await makeTemplate(postgres.connectionString);
  } catch (thrown) {
    await teardown();
    throw thrown;
  }
  project.provide("testPostgres", {
    connectionString: postgres.connectionString,
    template: TEMPLATE,
  });
  return teardown;
}

async function makeTemplate(connectionString: string): Promise<void> {
  const admin = new Client({ connectionString });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${TEMPLATE}`);
  await admin.end();
  const template = new URL(connectionString);
  template.pathname = `/${TEMPLATE}`;
  await migrate(template.toString());
}
