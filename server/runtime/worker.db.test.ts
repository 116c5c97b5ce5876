import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createDatabase } from "../database/client.ts";
import { createTestDatabase, type TestDatabase } from "../database/test-database.ts";
import { startCuttableProxy } from "./testing/cuttable-proxy.ts";
import { startWorker } from "./worker.ts";

const HERE = { host: "box#1", pid: process.pid, version: "1.0.0", capacity: 1 };

let database: TestDatabase;
let signOffs: (() => Promise<void>)[];
beforeEach(async () => {
  database = await createTestDatabase({ poolSize: 4 });
  signOffs = [];
});
afterEach(async () => {
  for (const signOff of signOffs) await signOff();
  await database.drop();
});

async function start(workerId: string, more: { pool?: TestDatabase["pool"]; lost?: () => void }) {
  const signOff = await startWorker({
    pool: more.pool ?? database.pool,
    workerId,
    identity: HERE,
    activeRuns: () => 0,
    lost: more.lost ?? (() => expect.fail(`${workerId} was counted as dead`)),
    log: { warn: () => {} },
  });
  signOffs.push(signOff);
}

/** A worker that somebody else registered a day ago and that was heard of just now. */
async function register(workerId: string, host: string, pid: number): Promise<void> {
  await database.pool.query(
    `INSERT INTO workers (worker_id, host, pid, version, capacity, started_at)
     VALUES ($1, $2, $3, '1.0.0', 1, now() - interval '1 day')`,
    [workerId, host, pid],
  );
}

async function giveRun(workerId: string): Promise<string> {
  const runId = `run_${randomUUID()}`;
  await database.pool.query(
    `INSERT INTO runs (tenant_id, run_id, skill_id, skill_version, skill_hash, environment, status, head_sequence,
       head_hash, owner_worker_id, lease_epoch, trace_id, lineage_root_run_id, attributes, inputs, created_at)
     VALUES ('t', $1, 's', '1.0.0', '', 'dev', 'running', 1, '', $2, 1, '', $1, '{}', '{}', now())`,
    [runId, workerId],
  );
  return runId;
}

async function workerIds(): Promise<string[]> {
  const workers = await database.prisma.worker.findMany({ orderBy: { workerId: "asc" } });
  return workers.map(({ workerId }) => workerId);
}

async function heardAt(workerId: string): Promise<number> {
  const worker = await database.prisma.worker.findUniqueOrThrow({ where: { workerId } });
  return worker.heartbeatAt.getTime();
}

describe("a worker that starts", () => {
  test("buries who had its pid before its process began, and makes the runs of that one due", async () => {
    await register("wrk_before", HERE.host, HERE.pid);
    const runId = await giveRun("wrk_before");
    await start("wrk_now", {});
    expect(await workerIds()).toEqual(["wrk_now"]);
    const run = await database.prisma.run.findFirstOrThrow({ where: { runId } });
    expect(run).toMatchObject({ ownerWorkerId: null, leaseEpoch: 2 });
    expect(run.wakeAt).not.toBeNull();
  });

  test("leaves the other worker of its process alone", async () => {
    await start("wrk_one", {});
    await start("wrk_two", {});
    expect(await workerIds()).toEqual(["wrk_one", "wrk_two"]);
  });

  test("compares no pids with another host", async () => {
    await register("wrk_same_pid", "box#2", HERE.pid);
    await register("wrk_no_pid_here", "box#2", 2 ** 22 + 1);
    await register("wrk_dead", HERE.host, 2 ** 22 + 1);
    await start("wrk_now", {});
    expect(await workerIds()).toEqual(["wrk_no_pid_here", "wrk_now", "wrk_same_pid"]);
  });
});

test("a heartbeat that hangs on a half-open connection goes out over another one", async () => {
  await using proxy = await startCuttableProxy(database.connectionString);
  const { pool, close } = createDatabase(proxy.connectionString, { poolSize: 4 });
  await start("wrk_beating", { pool });
  proxy.freeze();
  proxy.mend(); // what was open stays frozen
  const before = await heardAt("wrk_beating");
  await expect.poll(() => heardAt("wrk_beating"), { timeout: 9_000 }).toBeGreaterThan(before);
  await signOffs.pop()?.();
  await close();
}, 20_000);
