import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { DomainError } from "../../core/errors.ts";
import type { Json, JsonObject } from "../../core/json.ts";
import { createDatabase } from "../database/client.ts";
import { createTestDatabase, type TestDatabase } from "../database/test-database.ts";
import { createMetrics, type Metrics } from "../observability/metrics.ts";
import type { BuiltinModule } from "./builtins/builtin.ts";
import { InvocationError } from "./invokers/invoker.ts";
import type { Runtime } from "./runtime.ts";
import { startCuttableProxy } from "./testing/cuttable-proxy.ts";
import { inlineCatalog } from "./testing/inline-catalog.ts";
import { INLINE_TENANT, startInlineRun, startInlineRuntime } from "./testing/inline-runtime.ts";
import { RunProbe } from "./testing/run-probe.ts";

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

let failuresLeft = 0;
let megabytes = 0;
const writes: string[] = [];
const FUNCTIONS: BuiltinModule = {
  "test.value.echo": ({ value }) => ({ value: value ?? null }),
  "test.value.item": ({ value }) => ({ value: [`item ${Number(value)} ${"x".repeat(200)}`] }),
  "test.value.slow": async ({ value }) => {
    await sleep(Number(value));
    return { value: value ?? null };
  },
  "test.value.write": async ({ value }, context) => {
    writes.push(context.idempotencyKey ?? "");
    await sleep(20);
    return { value: value ?? null };
  },
  "test.value.flaky": () => {
    if (failuresLeft > 0) {
      failuresLeft -= 1;
      throw new DomainError("upstream_failure", "Not yet.");
    }
    return { value: "at last" };
  },
  "test.value.doubtful": () => {
    writes.push("doubtful");
    throw new InvocationError("upstream_timeout", "The provider did not answer.", {
      possiblySent: true,
      isServiceFault: true,
    });
  },
  "test.value.wobbly": (_input, context) => {
    const isFirst = !writes.includes(context.idempotencyKey ?? "");
    writes.push(context.idempotencyKey ?? "");
    throw new InvocationError("upstream_failure", isFirst ? "It broke off." : "Nobody answers.", {
      possiblySent: isFirst,
      isServiceFault: true,
    });
  },
  "test.value.mega": () => {
    megabytes += 1;
    return { value: "x".repeat(1024 * 1024) };
  },
  "test.value.large": () => ({ value: "x".repeat(11 * 1024 * 1024) }),
  "test.value.deep": () => {
    let value: Json = 1;
    for (let depth = 0; depth < 200_000; depth += 1) value = [value];
    return { value };
  },
};

const SKILLS = {
  signal: [
    {
      id: "wait",
      uses: "wait.signal",
      input: { name: "go" },
      output: { payload: "outputs.value" },
    },
  ],
  slow: [
    { id: "a", uses: "test.value.slow", input: { value: 150 }, output: { value: "outputs.value" } },
  ],
  endless: [{ id: "a", uses: "wait.signal", input: { name: "never" } }],
  write: ["w1", "w2", "w3", "w4"].map((id) => ({
    id,
    uses: "test.value.write",
    input: { value: id },
  })),
  doubtful: [
    {
      id: "d",
      uses: "test.value.doubtful",
      config: { retry: { max_attempts: 3, backoff_seconds: 0.01 } },
    },
  ],
  wobbly: [
    {
      id: "w",
      uses: "test.value.wobbly",
      config: { retry: { max_attempts: 3, backoff_seconds: 0.01 } },
    },
  ],
  large: [{ id: "l", uses: "test.value.large", output: { value: "outputs.value" } }],
  growing: [
    {
      id: "grow",
      uses: "test.value.item",
      input: { value: "iteration" },
      output: { value: "vars.list" },
      config: {
        while: { condition: "true", max_iterations: 400 },
        merge_strategy: "append",
      },
    },
    {
      id: "wait",
      uses: "wait.signal",
      input: { name: "go" },
      output: { payload: "outputs.value" },
    },
    {
      id: "after",
      uses: "test.value.echo",
      input: { value: "vars.list" },
      output: { value: "outputs.list" },
    },
  ],
  outrunning: [
    { id: "wait", uses: "wait.signal", input: { name: "go" } },
    {
      id: "grow",
      uses: "test.value.mega",
      output: { value: "vars.text" },
      config: {
        while: { condition: "true", max_iterations: 40 },
        merge_strategy: "replace",
      },
    },
  ],
  hostile: [
    {
      id: "call",
      uses: "skill:test.inner",
      input: { value: "inputs.value" },
      output: { value: "outputs.value" },
    },
  ],
  inner: [
    {
      id: "e",
      uses: "test.value.echo",
      input: { value: "inputs.value" },
      output: { value: "outputs.value" },
    },
  ],
  retried: [
    {
      id: "call",
      uses: "skill:test.writing",
      output: { value: "outputs.value" },
      config: { retry: { max_attempts: 2, backoff_seconds: 0.01 } },
    },
  ],
  writing: [
    { id: "w", uses: "test.value.write", input: { value: "once" } },
    { id: "f", uses: "test.value.flaky", output: { value: "outputs.value" } },
  ],
  halting: [
    { id: "wait", uses: "wait.signal", input: { name: "go" } },
    { id: "f", uses: "test.value.flaky" },
    { id: "s", uses: "test.value.slow", input: { value: 1_500 } },
  ],
  hasty: [{ id: "call", uses: "skill:test.endless", config: { timeout_seconds: 0.2 } }],
  deep: [{ id: "d", uses: "test.value.deep", output: { value: "outputs.value" } }],
} satisfies Record<string, object[]>;

const ACTING = new Set(["test.value.write", "test.value.doubtful", "test.value.wobbly"]);

async function start(
  options: {
    capacity?: number;
    connectionString?: string;
    silenceTimeoutMs?: number;
    metrics?: Metrics;
    now?: () => number;
  } = {},
): Promise<Runtime> {
  const connectionString = options.connectionString ?? database.connectionString;
  const { pool } =
    options.connectionString === undefined
      ? database
      : createDatabase(connectionString, {
          poolSize: 4,
          ...(options.silenceTimeoutMs === undefined
            ? {}
            : { silenceTimeoutMs: options.silenceTimeoutMs }),
        });
  const runtime = await startInlineRuntime({
    pool,
    connectionString,
    catalog: inlineCatalog({
      capabilities: Object.keys(FUNCTIONS).map((id) => ({
        id,
        outputs: ["value"],
        effect: ACTING.has(id) ? "write" : "none",
        providerIdempotency: id === "test.value.wobbly",
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
    ...(options.metrics === undefined ? {} : { metrics: options.metrics }),
    ...(options.now === undefined ? {} : { now: options.now }),
  });
  runtimes.push(runtime);
  return runtime;
}

const signal = (runtime: Runtime, runId: string, payload: JsonObject) =>
  runtime.command({
    tenantId: INLINE_TENANT,
    runId,
    actor: "test",
    kind: "signal",
    signalId: `sig_${runId}`,
    name: "go",
    payload,
  });

describe("a run that only waits", () => {
  test("leaves memory, is counted as parked, and a signal brings it back", async () => {
    const metrics = createMetrics();
    const runtime = await start({ metrics });
    const { runId } = await startInlineRun(runtime, "test.signal");
    await probe.until(runId, "waiting_for_signal");
    await expect.poll(() => runtime.stats().activeRuns, { timeout: 10_000 }).toBe(0);
    expect((await probe.row(runId)).owner_worker_id).toBeNull();
    const parked = async () => (await metrics.parkedRuns.get()).values[0]?.value;
    await expect.poll(parked).toBeGreaterThanOrEqual(1);
    await signal(runtime, runId, { n: 1 });
    expect(await probe.untilEnded(runId)).toMatchObject({
      status: "completed",
      outputs: { value: { n: 1 } },
    });
  });

  test("is reached by a signal that another process sends", async () => {
    const owner = await start();
    const { runId } = await startInlineRun(owner, "test.signal");
    await probe.until(runId, "waiting_for_signal");
    const other = await start();
    await signal(other, runId, { n: 2 });
    expect(await probe.untilEnded(runId)).toMatchObject({ status: "completed" });
  });
});

describe("a signal that is sent again", () => {
  test("is answered as it was the first time, also when its run has ended, and counts once", async () => {
    const runtime = await start();
    const { runId } = await startInlineRun(runtime, "test.signal");
    await probe.until(runId, "waiting_for_signal");
    await signal(runtime, runId, { n: 1 });
    await probe.untilEnded(runId);
    await signal(runtime, runId, { n: 1 });
    expect((await probe.typesOf(runId)).filter((type) => type === "signal.received")).toHaveLength(
      1,
    );
    const other = { tenantId: INLINE_TENANT, runId, actor: "test", kind: "signal" as const };
    const late = () => runtime.command({ ...other, signalId: "sig_late", name: "go", payload: {} });
    await expect(late()).rejects.toMatchObject({ code: "invalid_transition" });
    await expect(late()).rejects.toMatchObject({ code: "invalid_transition" });
  });
});

test("the times of a history never go back, whichever clock its next process has", async () => {
  const ahead = await start({ now: () => Date.now() + 3_600_000 });
  const { runId } = await startInlineRun(ahead, "test.signal");
  await probe.until(runId, "waiting_for_signal");
  await ahead.stop();
  const next = await start();
  await signal(next, runId, {});
  await probe.untilEnded(runId);
  const times = (await probe.events(runId)).map((event) => Date.parse(event.occurred_at));
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(times[0]).toBeGreaterThan(Date.now() + 1_800_000);
});

describe("a full process", () => {
  test("queues what it has no room for and gets to it", async () => {
    const runtime = await start({ capacity: 2 });
    const started = await Promise.all(
      Array.from({ length: 6 }, () => startInlineRun(runtime, "test.slow")),
    );
    expect(runtime.stats().activeRuns).toBeLessThanOrEqual(2);
    for (const { runId } of started)
      expect((await probe.untilEnded(runId)).status).toBe("completed");
  });
});

test("a run with a start time stays pending until then", async () => {
  const runtime = await start();
  const startAt = new Date(Date.now() + 700);
  const { runId } = await runtime.startRun({
    tenantId: INLINE_TENANT,
    skillId: "test.slow",
    version: null,
    inputs: {},
    environment: "dev",
    attributes: {},
    options: {},
    startAt,
    actor: "test",
  });
  expect(await probe.row(runId)).toMatchObject({ status: "pending", owner_worker_id: null });
  await probe.untilEnded(runId);
  const started = (await probe.events(runId)).find((event) => event.event_type === "run.started");
  expect(Date.parse(started?.occurred_at ?? "")).toBeGreaterThanOrEqual(startAt.getTime());
});

test("a run that passes its deadline fails and says so", async () => {
  const runtime = await start();
  const { runId } = await runtime.startRun({
    tenantId: INLINE_TENANT,
    skillId: "test.endless",
    version: null,
    inputs: {},
    environment: "dev",
    attributes: {},
    options: { timeout_seconds: 0.2 },
    startAt: null,
    actor: "test",
  });
  expect(await probe.untilEnded(runId)).toMatchObject({
    status: "failed",
    error: { code: "step_timeout" },
  });
  expect(await probe.typesOf(runId)).toContain("step.canceled");
});

test("a process that lost its lease writes nothing more, and no effect is repeated by the next owner", async () => {
  const zombie = await start();
  writes.length = 0;
  const { runId } = await startInlineRun(zombie, "test.write");
  await expect.poll(() => writes.length).toBeGreaterThan(0);
  await database.pool.query(
    "UPDATE runs SET owner_worker_id = 'wrk_gone', lease_epoch = lease_epoch + 1 WHERE run_id = $1",
    [runId],
  );
  // The heartbeat of either process finds the run without a registered owner and frees it.
  // Its outcome was lost with the lease, and the binding does not honour keys: people are asked.
  await probe.until(runId, "waiting_for_human");
  const events = await probe.events(runId);
  expect(events.map((event) => event.sequence)).toEqual(events.map((_, index) => index + 1));
  expect(new Set(writes).size).toBe(writes.length);
});

test("a call that may have happened is not sent again where the provider does not honour its key", async () => {
  const runtime = await start();
  writes.length = 0;
  const { runId } = await startInlineRun(runtime, "test.doubtful");
  await probe.until(runId, "waiting_for_human");
  expect(writes).toEqual(["doubtful"]);
  const { rows } = await database.pool.query("SELECT status FROM effects WHERE run_id = $1", [
    runId,
  ]);
  expect(rows).toEqual([{ status: "in_doubt" }]);
});

test("a call that may have happened stays in doubt when the next attempt comes to nothing", async () => {
  writes.length = 0;
  const runtime = await start();
  const { runId } = await startInlineRun(runtime, "test.wobbly");
  expect((await probe.untilEnded(runId)).status).toBe("failed");
  expect(writes).toHaveLength(3);
  const { rows } = await database.pool.query(
    "SELECT status, attempts FROM effects WHERE run_id = $1",
    [runId],
  );
  expect(rows).toEqual([{ status: "in_doubt", attempts: 3 }]);
});

describe("a step's output", () => {
  test("that is larger than 10 MiB fails the step by name, and other runs go on", async () => {
    const runtime = await start();
    const { runId } = await startInlineRun(runtime, "test.large");
    expect(await probe.untilEnded(runId)).toMatchObject({
      status: "failed",
      error: { code: "payload_too_large" },
    });
    const other = await startInlineRun(runtime, "test.slow");
    expect((await probe.untilEnded(other.runId)).status).toBe("completed");
  });

  test("that is nested too deep fails the step and says so, and other runs go on", async () => {
    const runtime = await start();
    const { runId } = await startInlineRun(runtime, "test.deep");
    expect(await probe.untilEnded(runId)).toMatchObject({
      status: "failed",
      error: {
        code: "upstream_failure",
        message: expect.stringContaining("deeper than 200 levels"),
      },
    });
    const other = await startInlineRun(runtime, "test.slow");
    expect((await probe.untilEnded(other.runId)).status).toBe("completed");
  });
});

test("connections that stay open and say nothing are replaced, and runs go on without a repeated effect", async () => {
  await using proxy = await startCuttableProxy(database.connectionString);
  const runtime = await start({
    connectionString: proxy.connectionString,
    silenceTimeoutMs: 1_000,
  });
  writes.length = 0;
  const { runId } = await startInlineRun(runtime, "test.write");
  await expect.poll(() => writes.length).toBeGreaterThan(0);
  proxy.freeze();
  proxy.mend(); // what was open stays frozen
  const other = await startInlineRun(runtime, "test.slow");
  expect((await probe.untilEnded(runId)).status).toBe("completed");
  expect((await probe.untilEnded(other.runId)).status).toBe("completed");
  expect(new Set(writes).size).toBe(writes.length);
  await runtime.stop();
}, 20_000);

test("while the database is away runs stall, nothing is acknowledged, and they go on when it is back", async () => {
  await using proxy = await startCuttableProxy(database.connectionString);
  const runtime = await start({ connectionString: proxy.connectionString });
  writes.length = 0;
  const { runId } = await startInlineRun(runtime, "test.write");
  await expect.poll(() => writes.length).toBeGreaterThan(0);
  proxy.cut();
  let isAcknowledged = false;
  const late = startInlineRun(runtime, "test.slow").then((started) => {
    isAcknowledged = true;
    return started;
  });
  late.catch(() => undefined);
  await sleep(400);
  expect(isAcknowledged).toBe(false);
  expect((await probe.row(runId)).status).toBe("running");
  proxy.mend();
  expect((await probe.untilEnded(runId)).status).toBe("completed");
  expect((await probe.untilEnded((await late).runId)).status).toBe("completed");
  expect(new Set(writes).size).toBe(writes.length);
  await runtime.stop();
});

test("a run that is resumed in the moment of its end belongs to somebody while it goes on", async () => {
  const runtime = await start();
  const { runId } = await startInlineRun(runtime, "test.halting");
  await probe.until(runId, "waiting_for_signal");
  failuresLeft = 1;
  const blocker = await database.pool.connect();
  await blocker.query("BEGIN; LOCK TABLE event_segments IN SHARE MODE");
  const signaled = signal(runtime, runId, {});
  await expect.poll(() => failuresLeft).toBe(0);
  // Its end is decided and cannot be written yet; whoever asks now asks before it is.
  const resumed = runtime.command({
    tenantId: INLINE_TENANT,
    runId,
    actor: "ada",
    kind: "resume",
  });
  await sleep(300);
  await blocker.query("COMMIT");
  blocker.release();
  await Promise.all([signaled, resumed]);
  const { status, owner_worker_id: owner } = await probe.row(runId);
  expect({ status, owner }).toEqual({ status: "running", owner: runtime.workerId });
  expect((await probe.untilEnded(runId)).status).toBe("completed");
});

test("a run outruns the journal by so much text and no more", async () => {
  const runtime = await start();
  const { runId } = await startInlineRun(runtime, "test.outrunning");
  await probe.until(runId, "waiting_for_signal");
  const blocker = await database.pool.connect();
  await blocker.query("BEGIN; LOCK TABLE event_segments IN SHARE MODE");
  const signaled = signal(runtime, runId, {});
  try {
    await expect.poll(() => megabytes, { timeout: 20_000 }).toBeGreaterThan(1);
    // Long enough for all of them, if nothing held the run back.
    for (let looks = 0; looks < 10; looks += 1) {
      expect(megabytes).toBeLessThan(5);
      await sleep(20);
    }
  } finally {
    await blocker.query("COMMIT");
    blocker.release();
  }
  await signaled;
  expect((await probe.untilEnded(runId)).status).toBe("completed");
  expect(megabytes).toBe(40);
});

test("a history whose stored bytes were changed is not continued", async () => {
  const owner = await start();
  const { runId } = await startInlineRun(owner, "test.signal");
  await probe.until(runId, "waiting_for_signal");
  await owner.stop();
  await database.pool.query(
    "UPDATE event_segments SET body = convert_to(replace(convert_from(body, 'UTF8'), '\"go\"', '\"no\"'), 'UTF8') WHERE run_id = $1",
    [runId],
  );
  await database.pool.query("DELETE FROM snapshots WHERE run_id = $1", [runId]);
  const next = await start();
  await expect(signal(next, runId, {})).rejects.toBeInstanceOf(DomainError);
  expect((await probe.row(runId)).status).toBe("waiting_for_signal");
}, 30_000);

test("a run that appends to a growing list stores bytes in proportion to its steps, and continues from a snapshot", async () => {
  const runtime = await start();
  const { runId } = await startInlineRun(runtime, "test.growing");
  await probe.until(runId, "waiting_for_signal");
  const { rows } = await database.pool.query<{ events: number; snapshots: number; count: number }>(
    `SELECT (SELECT sum(octet_length(body))::int FROM event_segments WHERE run_id = $1) AS events,
            (SELECT sum(octet_length(body))::int FROM snapshots WHERE run_id = $1) AS snapshots,
            (SELECT count(*)::int FROM snapshots WHERE run_id = $1) AS count`,
    [runId],
  );
  const [stored] = rows;
  // The list alone is 400 items of 200 characters; a copy at each step would be 200 times as much.
  expect(stored?.count).toBeGreaterThan(0);
  expect(stored?.snapshots).toBeLessThan(2 * (stored?.events ?? 0));
  expect(stored?.events).toBeLessThan(400 * 2_000);
  await runtime.stop();
  const next = await start();
  await signal(next, runId, { n: 1 });
  const ended = await probe.untilEnded(runId);
  expect(ended).toMatchObject({ status: "completed", outputs: { value: { n: 1 } } });
  const [first, last] = [0, 399].map((index) => `item ${index} ${"x".repeat(200)}`);
  const { list } = z.object({ list: z.array(z.string()) }).parse(ended.outputs);
  expect([list.length, list[0], list.at(-1)]).toEqual([400, first, last]);
});

test.each([
  ["NUL", "a\u0000b"],
  ["the journal's separator", "a\u001fb"],
  ["an empty text", ""],
])("%s passes through inputs, outputs and nested runs unharmed", async (_name, value) => {
  const runtime = await start();
  const { runId } = await startInlineRun(runtime, "test.hostile", { value });
  expect(await probe.untilEnded(runId)).toMatchObject({ status: "completed", outputs: { value } });
});

test("half of a surrogate pair passes through inputs, and is a replacement character in outputs", async () => {
  const runtime = await start();
  const { runId } = await startInlineRun(runtime, "test.hostile", { value: "a\ud800b" });
  expect(await probe.untilEnded(runId)).toMatchObject({
    status: "completed",
    outputs: { value: "a\ufffdb" },
  });
  const [created] = await probe.events(runId);
  expect(created?.payload).toMatchObject({ inputs: { value: "a\ud800b" } });
});

test("an attribute that PostgreSQL cannot search is refused by name", async () => {
  const runtime = await start();
  const request = {
    tenantId: INLINE_TENANT,
    skillId: "test.slow",
    version: null,
    inputs: {},
    environment: "dev",
    options: {},
    startAt: null,
    actor: "test",
  };
  await expect(
    runtime.startRun({ ...request, attributes: { name: "a\u0000b" } }),
  ).rejects.toMatchObject({ code: "invalid_request" });
});

test("a nested skill that is tried again reuses the effects of its first run instead of repeating them", async () => {
  const runtime = await start();
  writes.length = 0;
  failuresLeft = 1;
  const { runId } = await startInlineRun(runtime, "test.retried");
  expect(await probe.untilEnded(runId)).toMatchObject({
    status: "completed",
    outputs: { value: "at last" },
  });
  expect(writes).toHaveLength(1);
  const { rows } = await database.pool.query<{ run_id: string }>(
    "SELECT run_id FROM runs WHERE parent_run_id = $1 ORDER BY run_id",
    [runId],
  );
  const second = z.string().parse(rows[1]?.run_id);
  expect(await probe.typesOf(second)).toContain("side_effect.reused");
});

test("a nested skill obeys the time of the step that calls it", async () => {
  const runtime = await start();
  const { runId } = await startInlineRun(runtime, "test.hasty");
  expect(await probe.untilEnded(runId)).toMatchObject({
    status: "failed",
    error: { code: "step_timeout" },
  });
});
