import { setTimeout as sleep } from "node:timers/promises";
import type { Pool } from "pg";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { DomainError } from "../../core/errors.ts";
import { RUN_STATUSES } from "../../core/run.ts";
import { createDatabase } from "../database/client.ts";
import { claimDueRuns, claimRun } from "../database/run-leases.ts";
import { createTestDatabase, type TestDatabase } from "../database/test-database.ts";
import type { BuiltinModule } from "./builtins/builtin.ts";
import type { Runtime } from "./runtime.ts";
import { startCuttableProxy } from "./testing/cuttable-proxy.ts";
import { inlineCatalog } from "./testing/inline-catalog.ts";
import { INLINE_TENANT, startInlineRun, startInlineRuntime } from "./testing/inline-runtime.ts";
import { RunProbe } from "./testing/run-probe.ts";

/** What could leave a run that nobody drives: lost answers, stops at the wrong moment, facts that cannot be stored. */

let database: TestDatabase;
let probe: RunProbe;
beforeAll(async () => {
  database = await createTestDatabase();
  probe = new RunProbe(database);
  return database.drop;
});

const runtimes: Runtime[] = [];
afterEach(async () => {
  for (const runtime of runtimes.splice(0)) await runtime.stop();
});

let slowWrites = 0;
const FUNCTIONS: BuiltinModule = {
  "test.value.echo": ({ value }) => ({ value: value ?? null }),
  "test.value.bad": () => {
    throw new DomainError("upstream_failure", "It is bad.");
  },
  "test.value.slow": async ({ value }) => {
    await sleep(Number(value));
    return { value: value ?? null };
  },
  "test.value.write": async ({ value }) => {
    slowWrites += 1;
    await sleep(Number(value));
    return { value: value ?? null };
  },
  "test.value.big": () => ({ value: "x".repeat(6 * 1024 * 1024) }),
  "test.value.unsound": () => ({ value: "x\ud83d" }),
};

const waiting = [{ id: "w", uses: "wait.signal", input: { name: "never" } }];
const SKILLS: Record<string, object[]> = {
  waiting,
  echo: [
    { id: "e", uses: "test.value.echo", input: { value: 1 }, output: { value: "outputs.value" } },
  ],
  slow: [
    { id: "a", uses: "test.value.slow", input: { value: 300 } },
    { id: "b", uses: "test.value.echo", input: { value: 1 } },
  ],
  write: [{ id: "w", uses: "test.value.write", input: { value: 1_500 } }],
  parent: [{ id: "c", uses: "skill:test.waiting" }],
  failing_beside: [
    { id: "c", uses: "skill:test.waiting", config: { depends_on: [] } },
    { id: "b", uses: "test.value.bad", config: { depends_on: [] } },
  ],
  race: [
    {
      id: "c",
      uses: "test.value.echo",
      input: { value: 1 },
      config: {
        scatter: {
          capabilities: [
            { as: "s", uses: "skill:test.waiting" },
            { as: "e", uses: "test.value.echo" },
          ],
          merge: "first_success",
        },
      },
    },
  ],
  big: [
    { id: "a", uses: "test.value.big", output: { value: "outputs.a" } },
    { id: "b", uses: "test.value.big", output: { value: "outputs.b" } },
  ],
  big_input: [
    { id: "a", uses: "test.value.big", output: { value: "vars.a" } },
    { id: "b", uses: "test.value.big", output: { value: "vars.b" } },
    { id: "c", uses: "test.value.echo", input: { value: ["vars.a", "vars.b"] } },
  ],
  unsound: [{ id: "a", uses: "test.value.unsound", output: { value: "vars.a" } }, ...waiting],
  nested: [{ id: "c", uses: "skill:test.echo", output: { value: "outputs.value" } }],
};

async function start(
  options: { pool?: Pool; connectionString?: string; capacity?: number } = {},
): Promise<Runtime> {
  const runtime = await startInlineRuntime({
    pool: options.pool ?? database.pool,
    connectionString: options.connectionString ?? database.connectionString,
    catalog: inlineCatalog({
      capabilities: Object.keys(FUNCTIONS).map((id) => ({
        id,
        outputs: ["value"],
        effect: id === "test.value.write" ? "write" : "none",
      })),
      skills: Object.entries(SKILLS).map(([name, steps]) => ({
        id: `test.${name}`,
        version: "1.0.0",
        name,
        description: name,
        steps,
      })),
    }),
    functions: FUNCTIONS,
    ...(options.capacity === undefined ? {} : { capacity: options.capacity }),
  });
  runtimes.push(runtime);
  return runtime;
}

/** The same pool, but the answer to the first statement that matches is lost after PostgreSQL has carried it out. */
function losingAnswerTo(fragment: string): Pool {
  let isLost = false;
  return new Proxy(database.pool, {
    get(target, name) {
      if (name !== "query") return Reflect.get(target, name, target);
      return async (...args: [string, unknown[]]) => {
        const result = await target.query(...args);
        const [text] = args;
        if (isLost || typeof text !== "string" || !text.includes(fragment)) return result;
        if (result.rowCount === 0) return result;
        isLost = true;
        throw new Error("Connection terminated unexpectedly");
      };
    },
  });
}

/** The same pool, but statements that match wait, then lose their answer. */
function holdingAnswerTo(fragment: string, asked: () => void, lost: Promise<void>): Pool {
  return new Proxy(database.pool, {
    get(target, name) {
      if (name !== "query") return Reflect.get(target, name, target);
      return async (...args: [string, unknown[]]) => {
        const [text] = args;
        if (typeof text !== "string" || !text.includes(fragment)) return target.query(...args);
        asked();
        await lost;
        throw new Error("Connection terminated unexpectedly");
      };
    },
  });
}

const cancel = (runtime: Runtime, runId: string) =>
  runtime.command({
    tenantId: INLINE_TENANT,
    runId,
    actor: "test",
    kind: "cancel",
    reason: "enough",
  });

const startLater = (runtime: Runtime, skillId: string) =>
  runtime.startRun({
    tenantId: INLINE_TENANT,
    skillId,
    version: null,
    inputs: {},
    environment: "dev",
    attributes: {},
    options: {},
    startAt: new Date(Date.now() + 200),
    actor: "test",
  });

async function childrenOf(runId: string) {
  const { rows } = await database.pool.query(
    "SELECT run_id, status FROM runs WHERE parent_run_id = $1",
    [runId],
  );
  return z.array(z.object({ run_id: z.string(), status: z.enum(RUN_STATUSES) })).parse(rows);
}

describe("a lost answer of the database", () => {
  test("to a claim leaves the run to whoever looks next", async () => {
    const runtime = await start({ pool: losingAnswerTo("SKIP LOCKED") });
    const { runId } = await startLater(runtime, "test.echo");
    expect((await probe.untilEnded(runId)).status).toBe("completed");
  });

  test("to a parking leaves no copy in memory", async () => {
    const runtime = await start({ pool: losingAnswerTo("coalesce(r.wake_at") });
    await startInlineRun(runtime, "test.waiting");
    await expect.poll(() => runtime.stats().activeRuns, { timeout: 15_000 }).toBe(0);
  });

  test("to a flush that PostgreSQL still carries out is not taken for a lost lease", async () => {
    await using proxy = await startCuttableProxy(database.connectionString);
    const { pool } = createDatabase(proxy.connectionString, { poolSize: 4 });
    const runtime = await start({ pool, connectionString: proxy.connectionString });
    const { runId } = await startInlineRun(runtime, "test.slow");
    const locker = await database.pool.connect();
    await locker.query("BEGIN");
    await locker.query("SELECT 1 FROM runs WHERE run_id = $1 FOR UPDATE", [runId]);
    await expect
      .poll(async () => {
        const { rows } = await database.pool.query(
          "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'",
        );
        return rows.length;
      })
      .toBeGreaterThan(0);
    proxy.cut();
    proxy.mend();
    await sleep(200);
    await locker.query("COMMIT");
    locker.release();
    expect((await probe.untilEnded(runId)).status).toBe("completed");
    await runtime.stop();
  });

  test("while a nested run is started fails no step", async () => {
    const runtime = await start({ pool: losingAnswerTo("AS wanted") });
    const { runId } = await startInlineRun(runtime, "test.nested");
    expect(await probe.untilEnded(runId)).toMatchObject({
      status: "completed",
      outputs: { value: 1 },
    });
  });
});

describe("a nested run", () => {
  test.each([
    ["fails beside it", "test.failing_beside", "failed"],
    ["wins the race against it", "test.race", "completed"],
  ])(
    "that is only being named when another step %s is not started, and does not keep its parent open",
    async (_how, skill, status) => {
      const runtime = await start();
      const { runId } = await startInlineRun(runtime, skill);
      expect((await probe.untilEnded(runId)).status).toBe(status);
      // Started only to be stopped, it might have acted before the stop reached it.
      expect(await childrenOf(runId)).toEqual([]);
    },
  );

  test("is canceled with its parent, although both had left memory", async () => {
    const runtime = await start();
    const { runId } = await startInlineRun(runtime, "test.parent");
    await expect.poll(() => runtime.stats().activeRuns, { timeout: 15_000 }).toBe(0);
    await cancel(runtime, runId);
    expect((await childrenOf(runId)).map((child) => child.status)).toEqual(["canceled"]);
  });

  test("takes the place of the parent that only waits for it", async () => {
    const runtime = await start({ capacity: 1 });
    await startInlineRun(runtime, "test.parent");
    // Both at once: the parent has not left memory, and its place is not counted.
    await expect.poll(() => runtime.stats().activeRuns, { timeout: 10_000 }).toBe(2);
  });

  test("that cannot be started while its process stops is left to the next owner", async () => {
    const asking = Promise.withResolvers<void>();
    const losing = Promise.withResolvers<void>();
    const runtime = await start({
      pool: holdingAnswerTo("AS wanted (tenant_id, run_id)", asking.resolve, losing.promise),
    });
    const { runId } = await startInlineRun(runtime, "test.nested");
    await asking.promise;
    // Another run's flush keeps the journal from being closed before the lost answer is heard.
    const blocker = await database.pool.connect();
    await blocker.query("BEGIN; LOCK TABLE event_segments IN SHARE MODE");
    void startInlineRun(runtime, "test.echo").catch(() => undefined);
    const blocked =
      "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'event_segments'::regclass";
    const countBlocked = async () => (await database.pool.query(blocked)).rowCount;
    await expect.poll(countBlocked, { timeout: 20_000 }).toBeGreaterThan(0);
    const stopped = runtime.stop();
    losing.resolve();
    await sleep(50);
    await blocker.query("COMMIT");
    blocker.release();
    await stopped;
    await start();
    expect(await probe.untilEnded(runId)).toMatchObject({ status: "completed", error: null });
  });

  test("gets its turn in a process that has room for one run", async () => {
    const runtime = await start({ capacity: 1 });
    const { runId } = await startInlineRun(runtime, "test.nested");
    expect((await probe.untilEnded(runId)).status).toBe("completed");
  });
});

test("a call that was under way when its process died is in doubt, also when the run is canceled first", async () => {
  const runtime = await start();
  slowWrites = 0;
  const { runId } = await startInlineRun(runtime, "test.write");
  await expect.poll(() => slowWrites).toBe(1);
  await database.pool.query(
    "UPDATE runs SET owner_worker_id = NULL, lease_epoch = lease_epoch + 1, wake_at = NULL WHERE run_id = $1",
    [runId],
  );
  await cancel(runtime, runId).catch(() => undefined);
  await probe.untilEnded(runId);
  const { rows } = await database.pool.query("SELECT status FROM effects WHERE run_id = $1", [
    runId,
  ]);
  expect(rows).toEqual([{ status: "in_doubt" }]);
});

test("a queued run is canceled although its process is full", async () => {
  const runtime = await start({ capacity: 1 });
  await startInlineRun(runtime, "test.write");
  const queued = await startInlineRun(runtime, "test.echo");
  await cancel(runtime, queued.runId);
  expect((await probe.row(queued.runId)).status).toBe("canceled");
});

test("a run that has ended is not taken, although it is due, unless it is to be resumed", async () => {
  const { pool } = database;
  const runtime = await start();
  const { runId } = await startInlineRun(runtime, "test.echo");
  await probe.untilEnded(runId);
  await runtime.stop();
  const run = { tenantId: INLINE_TENANT, runId };
  await pool.query("UPDATE runs SET wake_at = now() WHERE run_id = $1", [runId]);
  const taken = async () =>
    (await claimDueRuns(pool, "wrk_test", 1_000)).some((claimed) => claimed.runId === runId);
  expect(await taken()).toBe(false);
  expect(await claimRun(pool, "wrk_test", run)).toBeNull();
  await pool.query(
    "INSERT INTO run_commands (tenant_id, run_id, command_id, kind, payload) VALUES ($1, $2, 'cmd_test', 'resume', '{}')",
    [INLINE_TENANT, runId],
  );
  expect(await claimRun(pool, "wrk_test", run)).toMatchObject({ runId });
});

test("a run that cannot be driven three times in a row is given up, and says so", async () => {
  const { pool } = database;
  const runtime = await start();
  const { runId } = await startInlineRun(runtime, "test.waiting");
  await probe.until(runId, "waiting_for_signal");
  await pool.query(`CREATE FUNCTION refuse_signals() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF convert_from(NEW.body, 'UTF8') LIKE '%signal.received%' AND convert_from(NEW.body, 'UTF8') NOT LIKE '%run.failed%'
      THEN RAISE EXCEPTION 'not this one' USING ERRCODE = '22000'; END IF;
      RETURN NEW;
    END $$`);
  await pool.query(
    "CREATE TRIGGER refuse_signals BEFORE INSERT ON event_segments FOR EACH ROW EXECUTE FUNCTION refuse_signals()",
  );
  const signal = { kind: "signal", signalId: "sig_1", name: "other", payload: null } as const;
  const signaled = runtime
    .command({ tenantId: INLINE_TENANT, runId, actor: "test", ...signal })
    .catch(() => undefined);
  // It rests between two tries; a test need not.
  const statusAfterRest = async () => {
    await pool.query(
      "UPDATE runs SET wake_at = now() WHERE run_id = $1 AND owner_worker_id IS NULL AND wake_at > now()",
      [runId],
    );
    return (await probe.row(runId)).status;
  };
  await expect.poll(statusAfterRest, { timeout: 30_000 }).toBe("failed");
  await pool.query("DROP TRIGGER refuse_signals ON event_segments");
  await signaled;
  const { error } = await probe.untilEnded(runId);
  expect(error?.message).toContain("could not be continued 3 times in a row");
});

describe("facts that are hard to store", () => {
  test("outputs that are together larger than an event may be do not keep a run from ending", async () => {
    const runtime = await start();
    const { runId } = await startInlineRun(runtime, "test.big");
    expect((await probe.untilEnded(runId)).status).toBe("completed");
  });

  test("an input that is too large fails its step", async () => {
    const runtime = await start();
    const { runId } = await startInlineRun(runtime, "test.big_input");
    expect(await probe.untilEnded(runId)).toMatchObject({
      status: "failed",
      error: { code: "payload_too_large" },
    });
    expect(await probe.typesOf(runId)).toContain("step.failed");
  });

  test("a text that is half a character does not end the process that takes a snapshot of it", async () => {
    const runtime = await start();
    const { runId } = await startInlineRun(runtime, "test.unsound");
    await probe.until(runId, "waiting_for_signal", "failed");
    const other = await startInlineRun(runtime, "test.echo");
    expect((await probe.untilEnded(other.runId)).status).toBe("completed");
  });
});
