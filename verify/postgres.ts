import { realpathSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { readPostmasterPid } from "../server/database/embedded/leftover-postmaster.ts";
import { removePostgresFolder } from "../server/database/embedded/postgres-folder.ts";
import { removeLeftovers } from "../server/database/embedded/remove-leftovers.ts";
import { findFreePort } from "../server/database/embedded/free-port.ts";
import { startEmbeddedPostgres } from "../server/database/embedded-postgres.ts";
import { migrate } from "../server/database/migrate.ts";

const FOLDER = join(import.meta.dirname, "..", ".cache", "verify-postgres");
const TEMPLATE = "orca_template";

export type VerifierPostgres = AsyncDisposable & {
  /** Makes a migrated, empty database and answers its address, which stays the same across `kill` and `start`. */
  createDatabase: (name: string) => Promise<string>;
  /** SIGKILL to the postmaster, as the kernel does where memory is short. */
  kill: () => Promise<void>;
  /** Starts it again on its files: it recovers from its log. */
  start: () => Promise<void>;
};

/** A real PostgreSQL of the verifier's own, with the settings of earnest: every commit is on disk before it is told. */
export async function startVerifierPostgres(): Promise<VerifierPostgres> {
  await removeLeftovers(FOLDER);
  const dataDir = join(FOLDER, String(process.pid));
  const port = await findFreePort();
  let postgres = await startEmbeddedPostgres({ dataDir, port });
  const urlOf = (database: string) => {
    const url = new URL(postgres.connectionString);
    url.pathname = `/${database}`;
    return url.toString();
  };
  await runSql(postgres.connectionString, `CREATE DATABASE ${TEMPLATE}`);
  await migrate(urlOf(TEMPLATE));
  return {
    createDatabase: async (name) => {
      await runSql(postgres.connectionString, `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
      return urlOf(name);
    },
    kill: async () => {
      const pid = readPostmasterPid(join(realpathSync(dataDir), "cluster"));
      if (pid === null) throw new Error("PostgreSQL has no process to kill.");
      process.kill(pid, "SIGKILL");
      await postgres.ended;
    },
    start: async () => {
      postgres = await startEmbeddedPostgres({ dataDir, port });
    },
    async [Symbol.asyncDispose]() {
      await postgres.stop();
      await removePostgresFolder(dataDir);
    },
  };
}

async function runSql(connectionString: string, sql: string): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
