import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { buildPages } from "../scripts/build-pages.ts";
import { generateClient } from "../scripts/generate-client.ts";
import { PROJECT } from "../scripts/project.ts";
import { findFreePort } from "../server/database/embedded/free-port.ts";
import { removePostgresFolder } from "../server/database/embedded/postgres-folder.ts";
import { E2E_SERVER_VARIABLE, type E2eServer } from "./server.ts";

/** A first start makes a database and imports the shipped registry. */
const READY_MS = 60_000;

/** Starts the built product on a free port, with an empty data folder and credentials of this run. */
export default async function startServer(): Promise<() => Promise<void>> {
  await generateClient();
  await buildPages();
  const cache = join(PROJECT, ".cache", "e2e");
  mkdirSync(cache, { recursive: true });
  const dataDir = mkdtempSync(join(cache, "data-"));
  const port = await findFreePort();
  const smtpPort = await findFreePort();
  const server: E2eServer = {
    baseUrl: `http://127.0.0.1:${port}`,
    apiKey: `orca_${randomBytes(24).toString("hex")}`,
    adminEmail: "ada@example.com",
    adminPassword: randomBytes(12).toString("hex"),
  };
  const logFile = join(cache, "server.log");
  const log = openSync(logFile, "w");
  const child = spawn(process.execPath, [join(PROJECT, "server", "main.ts")], {
    cwd: PROJECT,
    stdio: ["ignore", log, log],
    env: {
      ...process.env,
      NODE_ENV: "production",
      NEXT_TELEMETRY_DISABLED: "1",
      HOST: "127.0.0.1",
      PORT: String(port),
      DATABASE_URL: "",
      REDIS_URL: "",
      ORCA_DATA_DIR: dataDir,
      // Its own sandbox catches the mail.
      ORCA_SANDBOX_SMTP_PORT: String(smtpPort),
      ORCA_SMTP_URL: `smtp://127.0.0.1:${smtpPort}`,
      ORCA_SMTP_FROM: "Orca <orca@example.com>",
      ORCA_BOOTSTRAP_API_KEY: server.apiKey,
      ORCA_ADMIN_EMAIL: server.adminEmail,
      ORCA_ADMIN_PASSWORD: server.adminPassword,
    },
  });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stop = async () => {
    child.kill("SIGTERM");
    await exited;
    await removePostgresFolder(join(dataDir, "postgres"));
    rmSync(dataDir, { recursive: true });
  };
  if (!(await becomesReady(child, server.baseUrl))) {
    await stop();
    throw new Error(
      `The server did not get ready. Its log:\n${readFileSync(logFile, "utf8").slice(-4000)}`,
    );
  }
  process.env[E2E_SERVER_VARIABLE] = JSON.stringify(server);
  return stop;
}

async function becomesReady(child: ChildProcess, baseUrl: string): Promise<boolean> {
  const deadline = Date.now() + READY_MS;
  while (child.exitCode === null && child.signalCode === null && Date.now() < deadline) {
    const signal = AbortSignal.timeout(5_000);
    const answer = await fetch(`${baseUrl}/readyz`, { signal }).catch(() => null);
    if (answer?.ok === true) return true;
    await sleep(100);
  }
  return false;
}
