import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { COMMAND_CHANNEL } from "../database/command-repository.ts";
import { createDatabase } from "../database/client.ts";
import { createTestDatabase, type TestDatabase } from "../database/test-database.ts";
import type { Runtime } from "./runtime.ts";
import { inlineCatalog } from "./testing/inline-catalog.ts";
import { INLINE_TENANT, startInlineRun, startInlineRuntime } from "./testing/inline-runtime.ts";
import { startCuttableProxy } from "./testing/cuttable-proxy.ts";
import { RunProbe } from "./testing/run-probe.ts";

let database: TestDatabase;
let listener: Client;
const runtimes: Runtime[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
  listener = new Client({ connectionString: database.connectionString });
  await listener.connect();
  await listener.query(`LISTEN ${COMMAND_CHANNEL}`);
});
afterAll(async () => {
  for (const runtime of runtimes) await runtime.stop();
  await listener.end();
  await database.drop();
});

const skill = (id: string, step: object) => ({
  id,
  version: "1.0.0",
  name: id,
  description: id,
  steps: [step],
});

async function start(
  at: Pick<TestDatabase, "pool" | "connectionString"> = database,
): Promise<Runtime> {
  const runtime = await startInlineRuntime({
    pool: at.pool,
    connectionString: at.connectionString,
    catalog: inlineCatalog({
      capabilities: [],
      skills: [
        skill("test.parent", { id: "nested", uses: "skill:test.child" }),
        skill("test.child", { id: "wait", uses: "wait.signal", input: { name: "go" } }),
      ],
    }),
    functions: {},
  });
  runtimes.push(runtime);
  return runtime;
}

test("a nested run that ends elsewhere tells its parent's owner at once", async () => {
  const probe = new RunProbe(database);
  await using proxy = await startCuttableProxy(database.connectionString);
  const { connectionString } = proxy;
  const own = createDatabase(connectionString, { poolSize: 4 });
  const here = await start({ pool: own.pool, connectionString });
  const { runId: parentId } = await startInlineRun(here, "test.parent");
  await expect.poll(() => childOf(parentId)).not.toBeNull();
  const childId = (await childOf(parentId)) ?? "";
  await probe.until(childId, "waiting_for_signal");
  // While the parent's owner is away, it can neither hear of the signal nor take the nested run back.
  proxy.cut();
  const there = await start();
  await database.pool.query(
    "UPDATE runs SET owner_worker_id = NULL, lease_epoch = lease_epoch + 1 WHERE run_id = $1",
    [childId],
  );
  const told = heardOf(parentId);
  await there.command({
    tenantId: INLINE_TENANT,
    runId: childId,
    actor: "test",
    kind: "signal",
    signalId: "sig_1",
    name: "go",
    payload: {},
  });
  await told;
  proxy.mend();
  expect((await probe.untilEnded(parentId)).status).toBe("completed");
  await here.stop();
  await own.close();
});

async function childOf(parentId: string): Promise<string | null> {
  const { rows } = await database.pool.query<{ run_id: string }>(
    "SELECT run_id FROM runs WHERE parent_run_id = $1",
    [parentId],
  );
  return rows[0]?.run_id ?? null;
}

/** Resolves when somebody announces commands for the run. */
function heardOf(runId: string): Promise<void> {
  return new Promise((resolve) => {
    listener.on("notification", ({ payload }) => {
      if (payload === `${INLINE_TENANT} ${runId}`) resolve();
    });
  });
}
