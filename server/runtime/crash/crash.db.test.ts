import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../database/test-database.ts";
import { CRASH_POINTS } from "../crash-points.ts";
import { PROBED_CAPABILITY } from "./crash-catalog.ts";
import { spawnWorker, type WorkerProcess } from "./worker-process.ts";

let database: TestDatabase;
let folder: string;
let effectsFile: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "orca-crash-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(async () => {
  database = await createTestDatabase();
  effectsFile = join(folder, "effects.txt");
  writeFileSync(effectsFile, "");
  return database.drop;
});

const spawned: WorkerProcess[] = [];
afterEach(async () => {
  // A failed test must leave no worker behind.
  for (const process of spawned.splice(0)) await process.kill("SIGKILL");
});

function worker(env: Record<string, string> = {}): WorkerProcess {
  const process = spawnWorker({
    CRASH_DATABASE_URL: database.connectionString,
    CRASH_EFFECTS_FILE: effectsFile,
    ...env,
  });
  spawned.push(process);
  return process;
}

async function untilAllEnded(seconds: number, last: WorkerProcess): Promise<void> {
  for (let tries = 0; tries < seconds * 20; tries += 1) {
    const { rows } = await database.pool.query<{ open: number }>(
      "SELECT count(*)::int AS open FROM runs WHERE status NOT IN ('completed', 'failed', 'canceled')",
    );
    if (rows[0]?.open === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { rows } = await database.pool.query(
    "SELECT skill_id, status, owner_worker_id, wake_at, head_sequence FROM runs WHERE status NOT IN ('completed', 'failed', 'canceled') LIMIT 5",
  );
  throw new Error(`runs are still open: ${JSON.stringify(rows)}
the last worker printed: ${last.output()}`);
}

/** Every run completed, every history gapless, every effect recorded, and no key called twice without a doubt on record. */
async function assertSound(acknowledged: readonly string[]): Promise<void> {
  const { rows: runs } = await database.pool.query<{ run_id: string; status: string }>(
    "SELECT run_id, status FROM runs",
  );
  const ids = new Set(runs.map((run) => run.run_id));
  for (const runId of acknowledged) expect(ids, "an acknowledged run exists").toContain(runId);
  expect(runs.filter((run) => run.status !== "completed")).toEqual([]);
  const { rows: gaps } = await database.pool.query(
    `SELECT r.run_id FROM runs r JOIN LATERAL (
       SELECT min(first_seq) AS first, max(last_seq) AS last, sum(last_seq - first_seq + 1) AS count
       FROM event_segments s WHERE s.tenant_id = r.tenant_id AND s.run_id = r.run_id) s ON true
     WHERE s.first <> 1 OR s.last <> r.head_sequence OR s.count <> r.head_sequence`,
  );
  expect(gaps).toEqual([]);
  const { rows: effects } = await database.pool.query<{
    idempotency_key: string;
    attempts: number;
    status: string;
    capability_id: string;
  }>("SELECT idempotency_key, attempts, status, capability_id FROM effects");
  expect(effects.filter((effect) => effect.status !== "recorded")).toEqual([]);
  expect(new Set(effects.map((effect) => effect.idempotency_key)).size).toBe(effects.length);
  const callsByKey = new Map<string, number>();
  for (const key of readFileSync(effectsFile, "utf8").split("\n").filter(Boolean)) {
    callsByKey.set(key, (callsByKey.get(key) ?? 0) + 1);
  }
  for (const effect of effects) {
    const calls = callsByKey.get(effect.idempotency_key) ?? 0;
    expect(calls, "every effect happened").toBeGreaterThanOrEqual(1);
    expect(calls, "no effect happened more often than the ledger tells").toBeLessThanOrEqual(
      effect.attempts,
    );
    if (effect.capability_id === PROBED_CAPABILITY)
      expect(calls, "what its provider knows of is not sent again").toBe(1);
  }
  expect(
    [...callsByKey.keys()].every((key) => effects.some((effect) => effect.idempotency_key === key)),
  ).toBe(true);
}

describe("a worker killed with SIGKILL", () => {
  test.each(CRASH_POINTS)(
    "%s loses no run and repeats no effect whose outcome was known",
    async (point) => {
      const acknowledged: string[] = [];
      if (point === "after_claim") {
        const first = worker({
          CRASH_RUNS: "8",
          CRASH_POINT: "after_effect_sent",
          CRASH_AFTER: "3",
        });
        expect(await first.ended).toBe("SIGKILL");
        acknowledged.push(...first.started());
      }
      const killed = worker({
        CRASH_RUNS: "16",
        CRASH_POINT: point,
        CRASH_AFTER: point === "after_claim" ? "1" : "7",
      });
      expect(await killed.ended).toBe("SIGKILL");
      acknowledged.push(...killed.started());
      const next = worker();
      await next.printed("READY");
      await untilAllEnded(30, next);
      expect(await next.kill("SIGTERM")).toBe("0");
      await assertSound(acknowledged);
    },
  );

  test("at random moments under load, again and again, loses nothing", async () => {
    const acknowledged: string[] = [];
    for (let round = 0; round < 5; round += 1) {
      const killed = worker({ CRASH_RUNS: "200" });
      await killed.printed("READY");
      await new Promise((resolve) => setTimeout(resolve, 50 + round * 83));
      expect(await killed.kill("SIGKILL")).toBe("SIGKILL");
      acknowledged.push(...killed.started());
    }
    const next = worker();
    await next.printed("READY");
    await untilAllEnded(40, next);
    expect(await next.kill("SIGTERM")).toBe("0");
    expect(acknowledged.length).toBeGreaterThan(0);
    await assertSound(acknowledged);
  });

  test("beside a living one has its runs finished by that one", async () => {
    const survivor = worker();
    await survivor.printed("READY");
    const killed = worker({ CRASH_RUNS: "100" });
    await killed.printed("READY");
    await new Promise((resolve) => setTimeout(resolve, 150));
    await killed.kill("SIGKILL");
    await untilAllEnded(30, survivor);
    await survivor.kill("SIGTERM");
    await assertSound(killed.started());
  });
});

test("a worker stopped with SIGTERM hands its runs over at once", async () => {
  const first = worker({ CRASH_RUNS: "60" });
  await first.printed("READY");
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await first.kill("SIGTERM")).toBe("0");
  const { rows } = await database.pool.query(
    "SELECT 1 FROM runs WHERE owner_worker_id IS NOT NULL",
  );
  expect(rows).toEqual([]);
  const next = worker();
  await untilAllEnded(15, next);
  await next.kill("SIGTERM");
  await assertSound(first.started());
});
