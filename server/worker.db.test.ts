import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "./database/test-database.ts";

const WORKER = fileURLToPath(new URL("worker.ts", import.meta.url));
const dataDir = mkdtempSync(join(tmpdir(), "orca-worker-"));
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  return database.drop;
});
afterAll(() => rmSync(dataDir, { recursive: true }));

/** Starts a worker and waits for its line that says `until`, or its end. */
async function startWorker(env: Record<string, string>, until: RegExp) {
  const child = spawn(process.execPath, [WORKER], {
    env: {
      NODE_ENV: "test",
      PATH: process.env.PATH,
      ORCA_DATA_DIR: dataDir,
      DATABASE_URL: database.connectionString,
      ORCA_LOG_LEVEL: "warn",
      ...env,
    },
  });
  let output = "";
  const said = new Promise<void>((resolve) => {
    const hear = (chunk: Buffer) => {
      output += chunk.toString();
      if (until.test(output)) resolve();
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
  });
  const exited = once(child, "exit");
  await Promise.race([said, exited]);
  return { child, exited, output: () => output };
}

test("a worker says that it is ready, tells its health, and ends with 0 at SIGTERM, its row gone", async () => {
  const worker = await startWorker({ ORCA_HEALTH_PORT: "0" }, /is ready/);
  expect(worker.output()).toMatch(/worker wrk_[0-9a-f]+ is ready/);
  const [health = ""] = /http:\S+/.exec(worker.output()) ?? [];
  const ready = await fetch(health);
  expect([ready.status, await ready.json()]).toMatchObject([200, { status: "ok" }]);
  expect(await database.prisma.worker.count()).toBe(1);
  worker.child.kill("SIGTERM");
  expect(await worker.exited).toEqual([0, null]);
  expect(await database.prisma.worker.count()).toBe(0);
});

test("a wrong variable stops the start with its name and what was expected", async () => {
  const worker = await startWorker({ ORCA_HEALTH_PORT: "many" }, /expected/);
  expect(await worker.exited).toEqual([1, null]);
  expect(worker.output()).toContain('ORCA_HEALTH_PORT is "many"; expected a port number');
});

test("a port that is taken stops the start with its number", async () => {
  const first = await startWorker({ ORCA_HEALTH_PORT: "0" }, /is ready/);
  const [, port = ""] = /http:\/\/127\.0\.0\.1:(\d+)/.exec(first.output()) ?? [];
  const second = await startWorker({ ORCA_HEALTH_PORT: port }, /in use/);
  expect(await second.exited).toEqual([1, null]);
  expect(second.output()).toContain(`Port ${port} on 127.0.0.1 is in use`);
  first.child.kill("SIGTERM");
  await first.exited;
});
