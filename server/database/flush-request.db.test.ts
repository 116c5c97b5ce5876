import { DatabaseError, type PoolClient } from "pg";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { FlushRequest } from "./flush-request.ts";
import { createTestDatabase, type TestDatabase } from "./test-database.ts";

let database: TestDatabase;
let connection: PoolClient;
beforeAll(async () => {
  database = await createTestDatabase();
  return database.drop;
});
beforeEach(async () => {
  connection = await database.pool.connect();
  // Ended connections say so, which is what one test is about.
  connection.on("error", () => {});
});
afterEach(() => connection.release(true));

const ask = (name: string, text: string, ...values: (string | Buffer | null)[]) =>
  connection.query(new FlushRequest({ name, text, values })).writtenRunIds;

test("a statement is prepared once on a connection, and answers each time", async () => {
  const text = "SELECT value FROM unnest(ARRAY[$1, $2]) AS u (value)";
  expect(await ask("two", text, "run_a", "run_b")).toEqual(["run_a", "run_b"]);
  expect(await ask("two", text, "run_c", "run_d")).toEqual(["run_c", "run_d"]);
  expect(await ask("none", "SELECT $1::text WHERE false", null)).toEqual([]);
  const prepared = await connection.query("SELECT name FROM pg_prepared_statements ORDER BY name");
  expect(prepared.rows).toEqual([{ name: "none" }, { name: "two" }]);
});

test("bytes arrive as they are", async () => {
  const bytes = Buffer.from([0, 255, 10, 0]);
  expect(await ask("bytes", "SELECT encode($1::bytea, 'hex')", bytes)).toEqual(["00ff0a00"]);
});

test("data that PostgreSQL refuses leaves the connection and the statement of use", async () => {
  const text = "SELECT ($1::int)::text";
  await expect(ask("number", text, "seven")).rejects.toBeInstanceOf(DatabaseError);
  expect(await ask("number", text, "7")).toEqual(["7"]);
});

test("a statement that cannot be prepared is not taken for prepared", async () => {
  await expect(ask("late", "SELECT v FROM late_table")).rejects.toMatchObject({ code: "42P01" });
  await connection.query("CREATE TEMP TABLE late_table AS SELECT 'run_a' AS v");
  expect(await ask("late", "SELECT v FROM late_table")).toEqual(["run_a"]);
});

test("a connection that ends fails what is under way, and what is asked afterwards", async () => {
  const { rows } = await connection.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
  const waiting = ask("wait", "SELECT 'run_a' FROM pg_sleep(60)");
  const failed = expect(waiting).rejects.toThrow(/terminat/i);
  await database.pool.query("SELECT pg_terminate_backend($1)", [rows[0]?.pid]);
  await failed;
  await expect(ask("after", "SELECT 'run_a'")).rejects.toThrow();
});
