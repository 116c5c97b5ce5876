import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findFreePort } from "../../server/database/embedded/free-port.ts";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));

export type TestServer = {
  url: string;
  apiKey: string;
  /** Starts it again on the same port, database and folder, after `stop` or `kill`. */
  start: () => Promise<void>;
  /** Asks it to stop and waits until it has. */
  stop: () => Promise<void>;
  /** Takes it away without a word. */
  kill: () => Promise<void>;
  /** Stops it and removes its folder. */
  dispose: () => Promise<void>;
};

/** The real server (server/main.ts) in a process of its own, over the given database, on a free port of this machine. */
export async function startServer(connectionString: string): Promise<TestServer> {
  const dataDir = mkdtempSync(join(tmpdir(), "orca-cli-"));
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const apiKey = "orca_a-key-for-the-tests-of-the-command-line";
  let child: ChildProcess | null = null;
  const start = async () => {
    child = await startProcess({
      DATABASE_URL: connectionString,
      ORCA_DATA_DIR: dataDir,
      PORT: String(port),
      HOST: "127.0.0.1",
      ORCA_BOOTSTRAP_API_KEY: apiKey,
      ORCA_ADMIN_PASSWORD: "a password for the tests",
    });
  };
  const end = async (signal: NodeJS.Signals) => {
    const running = child;
    child = null;
    if (running === null || running.exitCode !== null || running.signalCode !== null) return;
    const exited = once(running, "exit");
    running.kill(signal);
    await exited;
  };
  const stop = () => end("SIGTERM");
  const dispose = async () => {
    await stop();
    rmSync(dataDir, { recursive: true });
  };
  try {
    await start();
  } catch (thrown) {
    await dispose();
    throw thrown;
  }
  return { url, apiKey, start, stop, kill: () => end("SIGKILL"), dispose };
}

/** Resolves once the process says that it is ready, and throws what it said where it ended before. */
async function startProcess(env: Record<string, string>): Promise<ChildProcess> {
  const areBuilt = existsSync(join(PROJECT, ".next", "BUILD_ID"));
  const child = spawn(process.execPath, [join(PROJECT, "server", "main.ts")], {
    cwd: PROJECT,
    env: {
      ...process.env,
      // Pages are no part of these tests: where none are built, they are made on demand, and nobody demands one.
      NODE_ENV: areBuilt ? "production" : "development",
      NEXT_TELEMETRY_DISABLED: "1",
      ORCA_LOG_LEVEL: "warn",
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const listen = (chunk: Buffer) => {
    log += chunk.toString();
    if (/Orca \S+ is ready/.test(log)) resolve();
  };
  child.stdout.on("data", listen);
  child.stderr.on("data", listen);
  child.once("exit", () => reject(new Error(`The server ended before it was ready:\n${log}`)));
  await promise;
  return child;
}
