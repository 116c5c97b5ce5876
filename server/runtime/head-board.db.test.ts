import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { createTestDatabase, type TestDatabase } from "../database/test-database.ts";
import { HeadBoard } from "./head-board.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ poolSize: 4 });
  await database.pool.query(
    `INSERT INTO runs (tenant_id, run_id, skill_id, skill_version, skill_hash, environment, status, head_sequence,
       head_hash, lease_epoch, trace_id, lineage_root_run_id, attributes, inputs, created_at)
     VALUES ('t', 'run_1', 's', '1.0.0', '', 'dev', 'running', 7, '', 1, '', 'run_1', '{}', '{}', now())`,
  );
  return database.drop;
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test("while a look-up is under way, no other one begins, and after it they go on", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const { pool } = database;
  const board = new HeadBoard(pool, () => false);
  const heads: number[] = [];
  board.subscribe("t", "run_1", (headSequence) => heads.push(headSequence));
  const asked = vi.spyOn(pool, "query");
  vi.advanceTimersByTime(60_000);
  expect(asked).toHaveBeenCalledTimes(1);
  await vi.waitFor(() => expect(heads).toEqual([7]));

  await pool.query("UPDATE runs SET head_sequence = 8");
  vi.advanceTimersByTime(1_000);
  await vi.waitFor(() => expect(heads).toEqual([7, 8]));
  board.close();
});

test("a look-up that failed does not keep the next one from beginning", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const { pool } = database;
  const board = new HeadBoard(pool, () => false);
  const heads: number[] = [];
  board.subscribe("t", "run_1", (headSequence) => heads.push(headSequence));
  const asked = vi.spyOn(pool, "query");
  await pool.query("ALTER TABLE runs RENAME TO away");
  vi.advanceTimersByTime(1_000);
  await expect(asked.mock.results.at(-1)?.value).rejects.toThrow("does not exist");
  await pool.query("ALTER TABLE away RENAME TO runs");
  await vi.waitFor(() => {
    vi.advanceTimersByTime(1_000);
    expect(heads).toHaveLength(1);
  });
  board.close();
});
