import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../database/test-database.ts";
import type { BuiltinModule } from "./builtins/builtin.ts";
import type { Runtime } from "./runtime.ts";
import { inlineCatalog } from "./testing/inline-catalog.ts";
import { INLINE_TENANT, startInlineRun, startInlineRuntime } from "./testing/inline-runtime.ts";
import { RunProbe } from "./testing/run-probe.ts";

/** Ledger rows follow from the log: of exclusive runs later than the events, never wrongly. */

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

const FUNCTIONS: BuiltinModule = {
  "test.value.write": async ({ value }) => {
    await sleep(Number(value));
    return { value: value ?? null };
  },
  // Larger than the history between two snapshots.
  "test.value.big": () => ({ value: "x".repeat(700_000) }),
};

const waiting = { id: "wait", uses: "wait.signal", input: { name: "go" } };
const write = (id: string, ms: number, config = {}) => ({
  id,
  uses: "test.value.write",
  input: { value: ms },
  config,
});
const SKILLS: Record<string, object[]> = {
  slow: [write("w", 5_000)],
  two: [write("a", 1), write("b", 5_000)],
  quick_chain: [write("a", 1), write("b", 1)],
  nested: [{ id: "c", uses: "skill:test.quick_chain" }],
  beside: [
    {
      id: "big",
      uses: "test.value.big",
      output: { value: "vars.big" },
      config: { depends_on: [] },
    },
    write("w", 1_500, { depends_on: [] }),
    { ...waiting, config: { depends_on: ["w"] } },
  ],
};

async function start(): Promise<Runtime> {
  const runtime = await startInlineRuntime({
    pool: database.pool,
    connectionString: database.connectionString,
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
  });
  runtimes.push(runtime);
  return runtime;
}

async function rowsOf(runId: string): Promise<object[]> {
  const { rows } = await database.pool.query<object>(
    "SELECT step_path, status, holds_key FROM effects WHERE run_id = $1 ORDER BY sequence",
    [runId],
  );
  return rows;
}

/** Another process owns the run from now on, as far as this one's copy is concerned. */
async function steal(runId: string): Promise<void> {
  await database.pool.query(
    "UPDATE runs SET owner_worker_id = 'wrk_gone', lease_epoch = lease_epoch + 1 WHERE run_id = $1",
    [runId],
  );
}

const signal = (runtime: Runtime, runId: string) =>
  runtime.command({
    tenantId: INLINE_TENANT,
    runId,
    actor: "test",
    kind: "signal",
    signalId: `sig_${runId}`,
    name: "go",
    payload: {},
  });

test("a call under way is in the ledger while it is under way, and its outcome with the run's end", async () => {
  const { runId } = await startInlineRun(await start(), "test.slow");
  await expect
    .poll(() => rowsOf(runId), { timeout: 4_000 })
    .toEqual([{ step_path: "w", status: "attempted", holds_key: false }]);
  await probe.untilEnded(runId);
  expect(await rowsOf(runId)).toMatchObject([{ status: "recorded" }]);
});

test("runs that share a lineage hold their keys, the root of a lineage of one does not", async () => {
  const runtime = await start();
  const alone = await startInlineRun(runtime, "test.quick_chain");
  await probe.untilEnded(alone.runId);
  expect(await rowsOf(alone.runId)).toMatchObject([{ holds_key: false }, { holds_key: false }]);
  const parent = await startInlineRun(runtime, "test.nested");
  await probe.untilEnded(parent.runId);
  const { rows } = await database.pool.query(
    "SELECT step_path, holds_key FROM effects WHERE run_id IN (SELECT run_id FROM runs WHERE parent_run_id = $1) ORDER BY sequence",
    [parent.runId],
  );
  expect(rows).toEqual([
    { step_path: "c/a", holds_key: true },
    { step_path: "c/b", holds_key: true },
  ]);
});

test("what a lost worker held back is written by the next one", async () => {
  const { runId } = await startInlineRun(await start(), "test.two");
  await expect.poll(() => probe.typesOf(runId), { interval: 5 }).toContain("side_effect.recorded");
  await steal(runId);
  await probe.until(runId, "waiting_for_human");
  // The second call was under way, and its provider honours no keys.
  expect(await rowsOf(runId)).toMatchObject([
    { step_path: "a", status: "recorded" },
    { step_path: "b", status: "in_doubt" },
  ]);
}, 30_000);

test("an outcome that came after a snapshot is not missed when the run is taken over", async () => {
  const runtime = await start();
  const { runId } = await startInlineRun(runtime, "test.beside");
  await expect
    .poll(() => rowsOf(runId), { timeout: 15_000 })
    .toMatchObject([{ status: "recorded" }]);
  const { rows } = await database.pool.query(
    "SELECT sequence FROM snapshots WHERE run_id = $1 ORDER BY sequence LIMIT 1",
    [runId],
  );
  const types = await probe.typesOf(runId);
  // The case is the right one only where the snapshot lies between the call and its outcome.
  expect(types.indexOf("side_effect.attempted") + 1).toBeLessThanOrEqual(rows[0]?.sequence);
  expect(types.indexOf("side_effect.recorded") + 1).toBeGreaterThan(rows[0]?.sequence);
  await steal(runId);
  await signal(runtime, runId);
  expect((await probe.untilEnded(runId)).status).toBe("completed");
  expect(await rowsOf(runId)).toMatchObject([{ status: "recorded" }]);
}, 30_000);
