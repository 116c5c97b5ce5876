import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../server/database/test-database.ts";
import { startOrca } from "../testing/run-orca.ts";

let database: TestDatabase;
let dataDir: string;
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "orca-process-"));
  database = await createTestDatabase();
  return database.drop;
});
afterAll(() => rmSync(dataDir, { recursive: true }));

const start = (args: string[], env: Record<string, string> = {}) =>
  startOrca(args, {
    env: { DATABASE_URL: database.connectionString, ORCA_DATA_DIR: dataDir, ...env },
    cwd: tmpdir(),
  });

describe("orca migrate", () => {
  test("applies what is missing, and then says that nothing is", async () => {
    await database.pool.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
    const { code, out } = await start(["migrate", "--json"]).ended;
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      applied: expect.arrayContaining([expect.stringMatching(/^0001_/)]),
    });
    expect(await start(["migrate"]).ended).toEqual({
      code: 0,
      out: "The database is up to date.\n",
      err: "",
    });
  });

  test("says which variable is wrong, and exits with 2", async () => {
    const { code, out, err } = await start(["migrate"], { DATABASE_URL: "mysql://x" }).ended;
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(/^orca: invalid_configuration: DATABASE_URL has a value that does not fit/);
  });

  test("says that the database cannot be reached, and exits with 4", async () => {
    const nobody = "postgresql://postgres@127.0.0.1:9/none";
    const { code, err } = await start(["migrate"], { DATABASE_URL: nobody }).ended;
    expect(code).toBe(4);
    expect(err).toMatch(/^orca: unavailable: .*cannot be reached/);
  });
});

describe("orca rebuild effects", () => {
  test("has the search built again by whoever runs", async () => {
    await database.pool.query("UPDATE effect_search_position SET xid = 5");
    expect(await start(["rebuild", "effects"]).ended).toMatchObject({ code: 0, out: "" });
    const { rows } = await database.pool.query("SELECT xid FROM effect_search_position");
    expect(rows).toEqual([{ xid: "0" }]);
  });

  test("needs to know the database", async () => {
    expect(await start(["rebuild", "effects"], { DATABASE_URL: "" }).ended).toMatchObject({
      code: 2,
      err: expect.stringContaining("DATABASE_URL is not set."),
    });
  });
});

describe("orca worker", () => {
  test("works on the database of the environment until it is asked to stop", async () => {
    const worker = start(["worker"], { ORCA_LOG_LEVEL: "warn" });
    await expect.poll(worker.out, { timeout: 30_000 }).toMatch(/worker wrk_\w+ is ready/);
    const id = /wrk_\w+/.exec(worker.out())?.[0];
    const { rows } = await database.pool.query<{ worker_id: string }>(
      "SELECT worker_id FROM workers",
    );
    expect(rows.map((row) => row.worker_id)).toContain(id);
    worker.child.kill("SIGTERM");
    expect(await worker.ended).toMatchObject({ code: 0 });
  });
});
