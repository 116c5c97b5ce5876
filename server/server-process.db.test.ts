import { realpathSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readPostmasterPid } from "./database/embedded/leftover-postmaster.ts";
import { processIdentity } from "./database/embedded/process-identity.ts";
import { createTestDatabase, type TestDatabase } from "./database/test-database.ts";
import type { LoopbackServer } from "./runtime/invokers/testing/loopback-server.ts";
import { createApiCaller, type ApiCaller } from "./testing/api-caller.ts";
import { followStream } from "./testing/follow-stream.ts";
import { openServerPlace, type ServerPlace } from "./testing/server-place.ts";
import { troubledRegistry } from "./testing/troubled-registry.ts";
import { startTroublesomeService } from "./testing/troublesome-service.ts";

/** Effects, pure steps and waits in turn, so that a process dies in the middle of each kind. */
const NAPPING = `
id: proof.napping
version: 1.0.0
name: Napping
description: Keeps a record, waits, looks at lines, waits, keeps another record.
inputs:
  key: { type: string, required: true }
  seconds: { type: number, required: true }
  lines: { type: array, default: [The boats come back., The boats go out., The boats stay.] }
outputs:
  languages: { type: array, required: true }
steps:
  - id: keep_first
    uses: memory.record.store
    input: { namespace: proof, record: { id: inputs.key, at: first } }
  - { id: nap, uses: wait.timer, input: { duration_seconds: inputs.seconds } }
  - id: look
    uses: perception.language.detect
    input: { text: item }
    output: { language: outputs.languages }
    config: { foreach: { items: inputs.lines, concurrency: 2 } }
  - { id: second_nap, uses: wait.timer, input: { duration_seconds: inputs.seconds } }
  - id: keep_last
    uses: memory.record.store
    input: { namespace: proof, record: { id: inputs.key, at: last } }
`;
const READY_MS = 5_000;
const STOP_MS = 10_000;
const WITHIN = { timeout: 40_000 };

async function startMany(api: ApiCaller, count: number, seconds: number): Promise<string[]> {
  const keys = Array.from({ length: count }, (_, index) => `${seconds}-${index}`);
  return Promise.all(keys.map((key) => api.startRun("proof.napping", { key, seconds })));
}

async function expectAllCompleted(api: ApiCaller, runIds: readonly string[]): Promise<void> {
  for (const runId of runIds) {
    const run = await api.untilEnded(runId);
    expect(run).toMatchObject({ status: "completed", error: null });
    expect(run.outputs?.["languages"]).toHaveLength(3);
    const sequences = (await api.listEvents(runId)).map(({ sequence }) => sequence);
    expect(sequences).toEqual(sequences.map((_, index) => index + 1));
  }
}

describe("the server with its own PostgreSQL", () => {
  let place: ServerPlace;
  let api: ApiCaller;
  let longRun: string;
  /** Takes every request and never answers: a call to it is under way for as long as a test needs. */
  let silent: LoopbackServer;

  const postmaster = () =>
    readPostmasterPid(join(realpathSync(join(place.dataDir, "postgres")), "cluster"));
  const isRunning = (pid: number | null) => pid !== null && processIdentity(pid) !== null;

  beforeAll(async () => {
    place = await openServerPlace("main");
    api = createApiCaller(place);
    await place.start();
    silent = await startTroublesomeService();
    const documents = {
      "skills/napping.yaml": NAPPING,
      ...troubledRegistry([
        {
          name: "hang",
          protocol: "openapi",
          operation: "hang",
          service: { base_url: silent.url },
        },
      ]),
    };
    expect(await api.importFiles(documents)).toEqual([]);
  });
  afterAll(async () => {
    await place.dispose();
    await silent[Symbol.asyncDispose]();
  });

  test("killed with SIGKILL, it is back in five seconds, finishes every run, and its streams go on without gap or duplicate", async () => {
    longRun = await api.startRun("proof.napping", { key: "long", seconds: 2 });
    const stream = followStream(`${place.url}/api/v1/runs/${longRun}/stream`, place.apiKey);
    const runIds = await startMany(api, 40, 1);
    await stream.heard(({ type }) => type === "timer.scheduled");
    const abandoned = postmaster();
    expect(await place.end("SIGKILL")).toMatchObject({ how: "SIGKILL" });
    expect(isRunning(abandoned), "PostgreSQL is left running").toBe(true);

    expect(await place.start()).toBeLessThan(READY_MS);
    expect(postmaster()).not.toBe(abandoned);
    await stream.ended;
    await expectAllCompleted(api, [longRun, ...runIds]);
    const events = await api.listEvents(longRun);
    expect(stream.events).toEqual(
      events.map(({ sequence, event_type }) => ({ id: sequence, type: event_type })),
    );
    expect(stream.connections()).toBeGreaterThan(1);
  });

  test("killed together with PostgreSQL, whose pid file stays, it starts and knows what it knew", async () => {
    const database = postmaster();
    await place.end("SIGKILL");
    if (database !== null) process.kill(database, "SIGKILL");
    await expect.poll(() => isRunning(database), WITHIN).toBe(false);
    expect(postmaster(), "a stale pid file").toBe(database);

    await place.start();
    expect((await fetch(`${place.url}/readyz`)).status).toBe(200);
    expect(await api.getRun(longRun)).toMatchObject({ status: "completed" });
    await expectAllCompleted(api, await startMany(api, 5, 0));
  });

  test("asked to stop under load, it exits with 0 in ten seconds, its database too, and the next start goes on with it all", async () => {
    const [calling] = await Promise.all([
      api.startRun("proof.hang", { text: "Is anybody there?" }),
      expect.poll(() => silent.seen.length, WITHIN).toBe(1),
    ]);
    const runIds = await startMany(api, 60, 1);
    const stream = followStream(`${place.url}/api/v1/runs/${runIds[0]}/stream`, place.apiKey);
    await stream.heard(() => true);
    const database = postmaster();
    const stopped = await place.end("SIGTERM");
    expect(stopped.how).toBe("0");
    expect(stopped.ms).toBeLessThan(STOP_MS);
    expect(isRunning(database)).toBe(false);

    expect(await place.start()).toBeLessThan(READY_MS);
    await stream.ended;
    expect(stream.events.map(({ id }) => id)).toEqual(stream.events.map((_, index) => index + 1));
    await expectAllCompleted(api, runIds);
    await expect.poll(() => silent.seen.length, WITHIN).toBe(2);
    await api.send(`/runs/${calling}/cancel`, {});
    expect(await api.untilEnded(calling)).toMatchObject({ status: "canceled" });
  });
});

describe("a server and a worker on one database", () => {
  let database: TestDatabase;
  let server: ServerPlace;
  let worker: ServerPlace;
  let api: ApiCaller;

  beforeAll(async () => {
    database = await createTestDatabase();
    // Few runs at once, so that there are some for either.
    const env = { DATABASE_URL: database.connectionString, ORCA_WORKER_CONCURRENCY: "20" };
    server = await openServerPlace("main", env);
    worker = await openServerPlace("worker", env);
    await server.start();
    await worker.start();
    api = createApiCaller(server);
    await api.importFiles({ "skills/napping.yaml": NAPPING });
  });
  afterAll(async () => {
    await worker.dispose();
    await server.dispose();
    await database.drop();
  });

  /** How many workers own runs at the moment. */
  async function countOwners(): Promise<number> {
    const { rows } = await database.pool.query<{ owners: number }>(
      "SELECT count(DISTINCT owner_worker_id)::int AS owners FROM runs",
    );
    return rows[0]?.owners ?? 0;
  }

  async function countUnfinished(): Promise<number> {
    const { rows } = await database.pool.query<{ open: number }>(
      "SELECT count(*)::int AS open FROM runs WHERE status NOT IN ('completed', 'failed', 'canceled')",
    );
    return rows[0]?.open ?? 0;
  }

  test.each([
    ["the server", () => server],
    ["the worker", () => worker],
  ])("with %s killed, the other finishes all runs", async (_name, killed) => {
    const runIds = await startMany(api, 60, 0.5);
    await expect.poll(countOwners, WITHIN).toBe(2);
    await killed().end("SIGKILL");
    expect(await countUnfinished()).toBeGreaterThan(0);
    await expect.poll(countUnfinished, WITHIN).toBe(0);
    await killed().start();
    await expectAllCompleted(api, runIds);
  });
});
