import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync, readFileSync, renameSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { DomainError } from "../../core/errors.ts";
import { findFreePort } from "./embedded/free-port.ts";
import { stopLeftoverPostmaster } from "./embedded/leftover-postmaster.ts";
import { claimDataDir } from "./embedded/owner-file.ts";
import { findPostgresBinaries } from "./embedded/postgres-binaries.ts";
import { openCluster, POSTGRES_ENV, POSTGRES_NAME } from "./embedded/postgres-cluster.ts";
import { preparePostgresFolder } from "./embedded/postgres-folder.ts";
import { POSTGRES_SETTINGS } from "./embedded/postgres-settings.ts";
import { findPostgresUser, type PostgresUser } from "./embedded/postgres-user.ts";

/** How long `stop` waits for PostgreSQL to write out its memory; ended without, it recovers at the next start. */
const STOP_MS = 8_000;
/** Another process may take the port that was just found free, or a dying backend still hold the shared memory. */
const START_ATTEMPTS = 20;

export type EmbeddedPostgresOptions = {
  /** Holds everything of this database; made when absent. */
  dataDir: string;
  /** A free one on 127.0.0.1 when absent. */
  port?: number;
  /** Overrides of single settings of POSTGRES_SETTINGS. */
  settings?: Record<string, string>;
};

export type EmbeddedPostgres = {
  connectionString: string;
  /** Resolves with the reason if PostgreSQL ends without `stop`; never rejects. */
  ended: Promise<DomainError>;
  /** Shuts PostgreSQL down and waits for its end. May be called twice. */
  stop: () => Promise<void>;
};

type Server = { child: ChildProcess; hasExited: () => boolean; exited: Promise<void> };

/**
 * Starts the PostgreSQL of this installation on 127.0.0.1 and returns when it answers. Makes its files at the
 * first start, recovers from whatever a killed predecessor left (a running PostgreSQL, a stale pid file, half
 * made files), and refuses while a living process uses the same `dataDir`.
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir);
  const user = findPostgresUser(dataDir);
  const folder = await preparePostgresFolder(dataDir, user);
  const owner = claimDataDir(folder);
  try {
    const binaries = await findPostgresBinaries(user);
    await stopLeftoverPostmaster(join(folder, "cluster"));
    const { cluster, password } = await openCluster(folder, binaries, user);
    const settings = { ...POSTGRES_SETTINGS, ...options.settings };
    for (let attempt = 1; ; attempt++) {
      const port = options.port ?? (await findFreePort());
      const logFile = join(folder, "server.log");
      const server = spawnServer(binaries.postgres, cluster, port, settings, logFile, user);
      if (await becomesReady(server, cluster)) {
        const address = `postgresql://${POSTGRES_NAME}:${password}@127.0.0.1:${port}`;
        await createMainDatabase(`${address}/postgres`);
        return handleOf(server, `${address}/${POSTGRES_NAME}`, logFile, owner.release);
      }
      const log = readFileSync(logFile, "utf8").trim();
      const isPassing = /Address already in use|shared memory block/.test(log);
      if (!isPassing || attempt === START_ATTEMPTS) throw startFailure(log, logFile);
      await sleep(100);
    }
  } catch (thrown) {
    owner.release();
    throw thrown;
  }
}

/** In a session of its own: Ctrl-C in the terminal must reach PostgreSQL through `stop`, after our last commit. */
function spawnServer(
  program: string,
  cluster: string,
  port: number,
  settings: Record<string, string>,
  logFile: string,
  user: PostgresUser,
): Server {
  const all = { ...settings, listen_addresses: "127.0.0.1", unix_socket_directories: "" };
  const flags = Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  rotate(logFile);
  const log = openSync(logFile, "a", 0o600);
  const child = spawn(program, ["-D", cluster, "-p", String(port), ...flags], {
    cwd: "/",
    env: POSTGRES_ENV,
    stdio: ["ignore", log, log],
    detached: true,
    ...(user === null ? {} : { uid: user.uid, gid: user.gid }),
  });
  closeSync(log);
  let hasExited = false;
  const { promise: exited, resolve: settle } = Promise.withResolvers<void>();
  const onEnd = () => {
    hasExited = true;
    settle();
  };
  child.once("exit", onEnd);
  child.once("error", onEnd);
  return { child, hasExited: () => hasExited, exited };
}

function rotate(logFile: string): void {
  try {
    renameSync(logFile, `${logFile}.1`);
  } catch {
    // The first start has no log to keep.
  }
}

/** Reads PostgreSQL's own word from postmaster.pid. No deadline: recovery after a crash takes what it takes. */
async function becomesReady(server: Server, cluster: string): Promise<boolean> {
  const statusFile = join(cluster, "postmaster.pid");
  while (!server.hasExited()) {
    const [pid, , , , , , , status] = readLines(statusFile);
    if (Number(pid) === server.child.pid && status?.trim() === "ready") return true;
    await sleep(10);
  }
  return false;
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, "utf8").split("\n");
  } catch {
    return [];
  }
}

async function createMainDatabase(connectionString: string): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    const found = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [
      POSTGRES_NAME,
    ]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${POSTGRES_NAME}`);
  } finally {
    await client.end();
  }
}

function handleOf(
  server: Server,
  connectionString: string,
  logFile: string,
  release: () => void,
): EmbeddedPostgres {
  const { child, hasExited, exited } = server;
  const { promise: ended, resolve: settle } = Promise.withResolvers<DomainError>();
  let stopping: Promise<void> | undefined;
  // process.exit() without stop() must not leave PostgreSQL running.
  const onProcessExit = () => child.kill("SIGINT");
  process.once("exit", onProcessExit);
  void exited.then(() => {
    process.off("exit", onProcessExit);
    release();
    if (stopping === undefined) settle(startFailure("it ended by itself", logFile));
  });
  const stop = async () => {
    child.kill("SIGINT");
    const timer = setTimeout(() => child.kill("SIGQUIT"), STOP_MS);
    await exited;
    clearTimeout(timer);
  };
  return {
    connectionString,
    ended,
    stop: () => (stopping ??= hasExited() ? Promise.resolve() : stop()),
  };
}

function startFailure(reason: string, logFile: string): DomainError {
  return new DomainError(
    "unavailable",
    `The embedded PostgreSQL does not run: ${reason.slice(-2000)}`,
    {
      hint: `Its log is ${logFile}. Set DATABASE_URL to use a PostgreSQL server instead.`,
    },
  );
}
