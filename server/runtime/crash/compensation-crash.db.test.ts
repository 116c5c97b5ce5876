import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../database/test-database.ts";
import { spawnWorker, type WorkerProcess } from "./worker-process.ts";

const spawned: WorkerProcess[] = [];
afterEach(async () => {
  // A failed test must leave no worker behind.
  for (const process of spawned.splice(0)) await process.kill("SIGKILL");
});

/** Resolves once so many runs have failed, which they do when they have undone what they did. */
async function untilUndone(database: TestDatabase, runs: number): Promise<void> {
  for (let tries = 0; tries < 1_200; tries += 1) {
    const { rows } = await database.pool.query<{ ended: number }>(
      "SELECT count(*)::int AS ended FROM runs WHERE parent_run_id IS NULL AND status = 'failed'",
    );
    if (rows[0]?.ended === runs) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("not every run came to its end");
}

test("killed again and again while runs undo what they did, nothing is undone twice and nothing forgotten", async () => {
  const database = await createTestDatabase();
  const folder = mkdtempSync(join(tmpdir(), "orca-undo-"));
  const effectsFile = join(folder, "effects.txt");
  writeFileSync(effectsFile, "");
  const worker = (env: Record<string, string>) => {
    const process = spawnWorker({
      CRASH_DATABASE_URL: database.connectionString,
      CRASH_EFFECTS_FILE: effectsFile,
      CRASH_SKILL: "crash.undone",
      ...env,
    });
    spawned.push(process);
    return process;
  };
  try {
    // Each of the eight runs makes 5 calls and undoes 5: calls from the 41st on are among the last runs' undoings.
    const first = worker({ CRASH_RUNS: "8", CRASH_POINT: "after_effect_sent", CRASH_AFTER: "45" });
    expect(await first.ended).toBe("SIGKILL");
    const started = first.started().length;
    for (const [point, after] of [
      ["before_commit", "3"],
      ["before_effect_sent", "2"],
    ] as const) {
      const killed = worker({ CRASH_POINT: point, CRASH_AFTER: after });
      // Where little is left to undo, it may be done before that point is passed so often.
      await Promise.race([killed.ended, untilUndone(database, started)]);
      await killed.kill("SIGKILL");
    }
    const last = worker({});
    await last.printed("READY");
    await untilUndone(database, started);
    expect(await last.kill("SIGTERM")).toBe("0");

    const { rows } = await database.pool.query<{
      effect_id: string;
      status: string;
      undoes: string | null;
      key: string;
      attempts: number;
    }>(
      `SELECT 'eff_' || substr(run_id, 5) || '_' || sequence AS effect_id, status, attempts,
              compensates_effect_id AS undoes, idempotency_key AS key FROM effects`,
    );
    const done = rows.filter(({ undoes }) => undoes === null);
    const undoing = rows.filter(({ undoes }) => undoes !== null);
    const undone = undoing.flatMap(({ undoes }) => undoes ?? []);
    expect(done).toHaveLength(started * 5);
    expect(new Set(done.map(({ status }) => status))).toEqual(new Set(["compensated"]));
    expect(new Set(undoing.map(({ status }) => status))).toEqual(new Set(["recorded"]));
    expect(undone.toSorted()).toEqual(done.map(({ effect_id: id }) => id).toSorted());
    const calls = Map.groupBy(
      readFileSync(effectsFile, "utf8").split("\n").filter(Boolean),
      (key) => key,
    );
    for (const { key, attempts } of rows) {
      const times = calls.get(key)?.length ?? 0;
      expect(times).toBeGreaterThanOrEqual(1);
      // A second call under one key is one that the ledger tells of, and its provider counts as one.
      expect(times).toBeLessThanOrEqual(attempts);
    }
    expect(calls.size).toBe(rows.length);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await database.drop();
  }
});
