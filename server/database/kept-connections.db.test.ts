import { Pool, type PoolClient } from "pg";
import { afterEach, beforeAll, expect, test } from "vitest";
import { FlushRequest } from "./flush-request.ts";
import { KeptConnections } from "./kept-connections.ts";
import { createTestDatabase, type TestDatabase } from "./test-database.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  return database.drop;
});

let pool: Pool;
afterEach(() => pool.end());

function keep(): KeptConnections {
  pool = new Pool({ connectionString: database.connectionString, max: 1 });
  pool.on("error", () => undefined);
  pool.on("connect", (client) => void client.on("error", () => undefined));
  return new KeptConnections(pool);
}

const ask = (text: string) => async (connection: PoolClient) => {
  const { rows } = await connection.query<{ pid: number }>(text);
  return rows[0]?.pid;
};
const PID = "SELECT pg_backend_pid() AS pid";

test("a connection that PostgreSQL ended is given up, and the next query has another one", async () => {
  const kept = keep();
  const before = await kept.use(ask(PID));
  await expect(
    kept.use(ask("SELECT pg_terminate_backend(pg_backend_pid())")),
  ).rejects.toMatchObject({ severity: "FATAL" });
  const after = await kept.use(ask(PID));
  expect(after).toEqual(expect.any(Number));
  expect(after).not.toBe(before);
  kept.close();
});

test("one whose statement was refused is kept, and given back when nobody needs it", async () => {
  const kept = keep();
  const before = await kept.use(ask(PID));
  await expect(kept.use(ask("SELECT 1 / 0"))).rejects.toMatchObject({ code: "22012" });
  expect(await kept.use(ask(PID))).toBe(before);
  expect(pool.idleCount).toBe(0);
  kept.close();
  expect(pool.idleCount).toBe(1);
});

test("one that has forgotten its prepared statements is given up, and the statement is known again", async () => {
  const kept = keep();
  const flush = { name: "flush", text: "SELECT $1::text", values: ["run_a"] };
  const send = (connection: PoolClient) => connection.query(new FlushRequest(flush)).writtenRunIds;
  expect(await kept.use(send)).toEqual(["run_a"]);
  await kept.use(ask("DEALLOCATE ALL"));
  await expect(kept.use(send)).rejects.toMatchObject({ code: "26000" });
  expect(await kept.use(send)).toEqual(["run_a"]);
  kept.close();
});
