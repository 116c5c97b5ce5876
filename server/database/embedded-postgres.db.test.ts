import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, realpathSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { beforeEach, expect, test } from "vitest";
import { readPostmasterPid } from "./embedded/leftover-postmaster.ts";
import { removePostgresFolder } from "./embedded/postgres-folder.ts";
import { processIdentity } from "./embedded/process-identity.ts";
import { TEST_POSTGRES_FOLDER } from "./test-postgres.ts";
import { startEmbeddedPostgres, type EmbeddedPostgres } from "./embedded-postgres.ts";

let dataDir: string;
let started: EmbeddedPostgres[];
beforeEach(() => {
  dataDir = join(TEST_POSTGRES_FOLDER, `${process.pid}-${randomUUID()}`);
  started = [];
  return async () => {
    await Promise.all(started.map((postgres) => postgres.stop()));
    await removePostgresFolder(dataDir);
  };
});

const cluster = () => join(realpathSync(dataDir), "cluster");

async function start(): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDir, settings: { shared_buffers: "16MB" } });
  started.push(postgres);
  return postgres;
}

async function query(postgres: EmbeddedPostgres, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: postgres.connectionString });
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: "array" })).rows.flat();
  } finally {
    await client.end();
  }
}

/** A process that starts the database, writes a row and says READY, to be killed by the caller. */
async function startOwnerProcess(): Promise<{ kill: () => Promise<void> }> {
  const script = `
    import { Client } from "pg";
    import { startEmbeddedPostgres } from "./embedded-postgres.ts";
    const postgres = await startEmbeddedPostgres({ dataDir: process.env.DATA_DIR });
    const client = new Client({ connectionString: postgres.connectionString });
    await client.connect();
    await client.query("CREATE TABLE kept (word text); INSERT INTO kept VALUES ('durable')");
    console.log("READY");
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    cwd: import.meta.dirname,
    env: { ...process.env, DATA_DIR: dataDir },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await new Promise((resolve) => child.stdout.once("data", resolve));
  return {
    kill: () => {
      child.kill("SIGKILL");
      return exited;
    },
  };
}

test("data survives a stop and a start, and every commit is on disk before it is acknowledged", async () => {
  const first = await start();
  await query(first, "CREATE TABLE kept AS SELECT 'durable' AS word");
  await first.stop();
  const second = await start();
  expect(await query(second, "SELECT word FROM kept")).toEqual(["durable"]);
  expect(
    await query(second, "SELECT current_setting('fsync'), current_setting('synchronous_commit')"),
  ).toEqual(["on", "on"]);
});

test("a data folder that is closed to everyone else does not keep PostgreSQL from running", async () => {
  const home = dataDir;
  mkdirSync(home, { mode: 0o700 });
  dataDir = join(home, "postgres");
  const first = await start();
  await query(first, "CREATE TABLE kept AS SELECT 'durable' AS word");
  await first.stop();
  expect(await query(await start(), "SELECT word FROM kept")).toEqual(["durable"]);
  await Promise.all(started.map((postgres) => postgres.stop()));
  await removePostgresFolder(dataDir);
  dataDir = home;
});

test("text is UTF-8 and sorted by code point, whatever the machine's locale", async () => {
  const postgres = await start();
  expect(
    await query(postgres, "SELECT upper('ä'), 'Z' < 'a', current_setting('server_encoding')"),
  ).toEqual(["Ä", true, "UTF8"]);
});

test("after kill -9 of its owner the next start stops what still runs and keeps every row", async () => {
  const owner = await startOwnerProcess();
  const orphan = readPostmasterPid(cluster()) ?? 0;
  await owner.kill();
  expect(processIdentity(orphan)).not.toBeNull();
  const postgres = await start();
  expect(processIdentity(orphan)).toBeNull();
  expect(await query(postgres, "SELECT word FROM kept")).toEqual(["durable"]);
});

test("after kill -9 of PostgreSQL itself the owner is told, and the next start recovers", async () => {
  const first = await start();
  await query(first, "CREATE TABLE kept AS SELECT 'durable' AS word");
  process.kill(readPostmasterPid(cluster()) ?? 0, "SIGKILL");
  expect((await first.ended).message).toContain("ended by itself");
  expect(await query(await start(), "SELECT word FROM kept")).toEqual(["durable"]);
});

test("a stale pid file that names some other living process does not stop the start", async () => {
  const first = await start();
  await first.stop();
  writeFileSync(join(cluster(), "postmaster.pid"), `${process.pid}\n${cluster()}\n`);
  expect(await query(await start(), "SELECT 1")).toEqual([1]);
});

test("database files whose making was interrupted are made again", async () => {
  const first = await start();
  await first.stop();
  renameSync(cluster(), `${cluster()}.new`);
  expect(await query(await start(), "SELECT 1")).toEqual([1]);
});

test("a second owner of the same folder is refused while the first lives, and the first is not disturbed", async () => {
  const first = await start();
  await expect(startEmbeddedPostgres({ dataDir })).rejects.toMatchObject({
    code: "invalid_configuration",
    message: expect.stringContaining(`Process ${process.pid} already runs the database`),
  });
  expect(await query(first, "SELECT 1")).toEqual([1]);
});

test("files of another major version are refused by name", async () => {
  const first = await start();
  await first.stop();
  writeFileSync(join(cluster(), "PG_VERSION"), "17\n");
  await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(
    /made by PostgreSQL 17; this program brings PostgreSQL 18/,
  );
});

test("a setting that PostgreSQL does not take is reported in its own words", async () => {
  const settings = { shared_buffers: "much" };
  await expect(startEmbeddedPostgres({ dataDir, settings })).rejects.toThrow(
    /invalid value for parameter "shared_buffers"/,
  );
});

test("the password is in a file that only its owner can read, and a wrong one is refused", async () => {
  const postgres = await start();
  const url = new URL(postgres.connectionString);
  expect(readFileSync(join(realpathSync(dataDir), "password"), "utf8")).toBe(url.password);
  url.password = "guess";
  const client = new Client({ connectionString: url.toString() });
  await expect(client.connect()).rejects.toThrow("password authentication failed");
});

test("stop can be called twice and leaves no process behind", async () => {
  const postgres = await start();
  const pid = readPostmasterPid(cluster()) ?? 0;
  await Promise.all([postgres.stop(), postgres.stop()]);
  expect(processIdentity(pid)).toBeNull();
});
