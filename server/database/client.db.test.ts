import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startCuttableProxy, type CuttableProxy } from "../runtime/testing/cuttable-proxy.ts";
import { createDatabase, type Database } from "./client.ts";
import { isConnectionError } from "./connection-error.ts";
import { createTestDatabase, type TestDatabase } from "./test-database.ts";

const SILENCE_MS = 400;

let server: TestDatabase;
let proxy: CuttableProxy;
/** One connection, through the proxy: who holds it holds everybody up. */
let database: Database;

beforeAll(async () => {
  server = await createTestDatabase({ poolSize: 2 });
  return server.drop;
});
beforeEach(async () => {
  proxy = await startCuttableProxy(server.connectionString);
  database = createDatabase(proxy.connectionString, {
    poolSize: 1,
    connectTimeoutMs: SILENCE_MS,
    silenceTimeoutMs: SILENCE_MS,
  });
});
afterEach(async () => {
  await proxy[Symbol.asyncDispose]();
  await database.close();
});

async function ask(): Promise<unknown> {
  return (await database.pool.query<{ one: number }>("SELECT 1 AS one")).rows[0]?.one;
}

async function expectLost(asked: Promise<unknown>): Promise<void> {
  const thrown: unknown = await asked.then(
    (answer) => expect.fail(`was answered: ${JSON.stringify(answer)}`),
    (error: unknown) => error,
  );
  expect(isConnectionError(thrown), String(thrown)).toBe(true);
}

describe("a connection that went silent", () => {
  test("fails what waits on it, and its place in the pool is free for a new one", async () => {
    expect(await ask()).toBe(1);
    proxy.freeze();
    await expectLost(ask());
    proxy.mend();
    expect(await ask()).toBe(1);
  });

  test("neither ends the process that held it nor comes back into the pool", async () => {
    const held = await database.pool.connect();
    await held.query("BEGIN");
    proxy.freeze();
    await expectLost(held.query("SELECT 1"));
    await expectLost(held.query("ROLLBACK"));
    proxy.mend();
    held.release();
    expect(await ask()).toBe(1);
  });

  test("fails a transaction of Prisma's, and the next one goes through", async () => {
    const count = () => database.prisma.tenant.count();
    expect(await database.prisma.$transaction([count()])).toEqual([0]);
    proxy.freeze();
    await expectLost(database.prisma.$transaction([count()]));
    proxy.mend();
    expect(await database.prisma.$transaction([count()])).toEqual([0]);
  });
});

test("a server that accepts and never greets is given up, and found once it is back", async () => {
  proxy.freeze();
  await expectLost(ask());
  proxy.mend();
  expect(await ask()).toBe(1);
});

test("long work that lets hear of itself is not disturbed", async () => {
  const lines = Array.from({ length: 4 }, () => `PERFORM pg_sleep(0.15); RAISE NOTICE 'on';`);
  await database.pool.query(
    `SET client_min_messages = notice; DO $$ BEGIN ${lines.join("")} END $$`,
  );
  expect(await ask()).toBe(1);
});
