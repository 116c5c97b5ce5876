import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { findFreePort } from "../database/embedded/free-port.ts";
import { removePostgresFolder } from "../database/embedded/postgres-folder.ts";

const PROJECT = join(import.meta.dirname, "..", "..");
const FOLDER = join(PROJECT, ".cache", "server-tests");
/** Processes that are started again and again need not compile the same files again. */
const COMPILED = join(PROJECT, ".cache", "compiled");

const START_ATTEMPTS = 50;

/** How a process ended: its exit code or the signal, and how long after the signal. */
export type ProcessEnd = { how: string; ms: number };

/** An address, a data folder and a database where one server or worker process after the other may live. */
export type ServerPlace = {
  url: string;
  apiKey: string;
  dataDir: string;
  /** Starts a process and waits until it is ready; answers after how many milliseconds. Throws what it said where it ended before. */
  start(): Promise<number>;
  /** Of the process that runs; null where none does. */
  pid(): number | null;
  /** Sends the signal and waits for the end of the process. */
  end(signal: "SIGKILL" | "SIGTERM"): Promise<ProcessEnd>;
  /** All that the processes have printed. */
  output(): string;
  /** Stops what runs and removes the folder. */
  dispose(): Promise<void>;
};

/**
 * A place for server/main.ts or server/worker.ts in a process of its own, exactly as `npm start` and `orca worker`
 * run it. Without a `DATABASE_URL` in `env` it has an embedded PostgreSQL of its own. `nodeArgs` go to Node itself.
 */
export async function openServerPlace(
  program: "main" | "worker",
  env: Record<string, string> = {},
  nodeArgs: readonly string[] = [],
): Promise<ServerPlace> {
  mkdirSync(FOLDER, { recursive: true });
  const dataDir = mkdtempSync(join(FOLDER, "data-"));
  const port = String(await findFreePort());
  const apiKey = "orca_a-key-for-the-tests-of-the-server";
  let child: ChildProcess | null = null;
  let output = "";

  async function start(): Promise<number> {
    const startedAt = performance.now();
    for (let attempt = 1; ; attempt += 1) {
      try {
        await startOnce();
        return performance.now() - startedAt;
      } catch (thrown) {
        // While nobody listened, some connection of this machine may have taken the port for its own end.
        const isTaken = thrown instanceof Error && thrown.message.includes("is in use");
        if (!isTaken || attempt === START_ATTEMPTS) throw thrown;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }

  async function startOnce(): Promise<void> {
    const script = join(PROJECT, "server", `${program}.ts`);
    const started = spawn(process.execPath, [...nodeArgs, script], {
      cwd: PROJECT,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        // The pages are no part of these tests; where none are built, Next would make them on demand.
        NODE_ENV: existsSync(join(PROJECT, ".next", "BUILD_ID")) ? "production" : "development",
        NEXT_TELEMETRY_DISABLED: "1",
        NODE_COMPILE_CACHE: COMPILED,
        HOST: "127.0.0.1",
        ...(program === "main" ? { PORT: port } : { ORCA_HEALTH_PORT: port }),
        DATABASE_URL: "",
        ORCA_DATA_DIR: dataDir,
        ORCA_BOOTSTRAP_API_KEY: apiKey,
        ORCA_ADMIN_PASSWORD: "a password for the tests",
        ORCA_LOG_LEVEL: "warn",
        ...env,
      },
    });
    child = started;
    // Nobody may be left behind by a test that was interrupted.
    const onProcessExit = () => started.kill("SIGKILL");
    process.once("exit", onProcessExit);
    started.once("exit", () => process.off("exit", onProcessExit));
    const { promise: isReady, resolve, reject } = Promise.withResolvers<void>();
    let said = "";
    const hear = (chunk: Buffer) => {
      output += chunk.toString();
      said += chunk.toString();
      if (/^Orca .*is ready/m.test(said)) resolve();
    };
    started.stdout.on("data", hear);
    started.stderr.on("data", hear);
    started.once("exit", (code, signal) =>
      reject(new Error(`It ended (${signal ?? code}) before it was ready:\n${said}`)),
    );
    await isReady;
  }

  async function end(signal: "SIGKILL" | "SIGTERM"): Promise<ProcessEnd> {
    const running = child;
    child = null;
    if (running === null || running.exitCode !== null || running.signalCode !== null)
      return { how: "ended before", ms: 0 };
    const exited = once(running, "exit");
    const sentAt = performance.now();
    running.kill(signal);
    await exited;
    return {
      how: String(running.signalCode ?? running.exitCode),
      ms: performance.now() - sentAt,
    };
  }

  return {
    url: `http://127.0.0.1:${port}`,
    apiKey,
    dataDir,
    start,
    pid: () => child?.pid ?? null,
    end,
    output: () => output,
    async dispose() {
      await end("SIGTERM");
      await removePostgresFolder(join(dataDir, "postgres"));
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
