import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { DomainError } from "../../core/errors.ts";
import type { JsonObject } from "../../core/json.ts";
import { stepKeyOfPayload } from "../../core/run-events.ts";
import { occurrenceKey } from "../../core/step.ts";
import { createTestDatabase, type TestDatabase } from "../database/test-database.ts";
import type { BuiltinModule } from "./builtins/builtin.ts";
import { createReplayPlanner, type ReplayWish } from "./replay-planner.ts";
import type { ReplayRunRequest, Runtime } from "./runtime.ts";
import { inlineCatalog } from "./testing/inline-catalog.ts";
import { INLINE_TENANT, startInlineRun, startInlineRuntime } from "./testing/inline-runtime.ts";
import { RunProbe } from "./testing/run-probe.ts";

/** Rewinding: what was recorded is reused, no effect of the lineage is repeated, no run is rewritten. */

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

let calls: string[] = [];
let isBroken = false;
beforeEach(() => {
  calls = [];
  isBroken = false;
});

const FUNCTIONS: BuiltinModule = {
  "test.value.read": ({ value }) => {
    calls.push(`read ${JSON.stringify(value)}`);
    return { value: typeof value === "string" ? `${value}!` : null };
  },
  "test.value.write": ({ value }) => {
    calls.push(`write ${JSON.stringify(value)}`);
    return { value: value ?? null };
  },
  "test.value.flaky": ({ value }) => {
    if (isBroken) throw new DomainError("upstream_failure", "It is broken.");
    return { value: value ?? null };
  },
  "test.value.risky_write": ({ value }) => {
    calls.push(`risky ${JSON.stringify(value)}`);
    if (isBroken && value === "y") throw new DomainError("invalid_request", "It refuses y.");
    return { value: value ?? null };
  },
  "test.value.slow_write": async ({ value }) => {
    calls.push(`slow ${JSON.stringify(value)}`);
    await sleep(3_000);
    return { value: value ?? null };
  },
};

const step = (id: string, capability: string, from: string, config: JsonObject = {}) => ({
  id,
  uses: capability.startsWith("skill:") ? capability : `test.value.${capability}`,
  input: { value: from },
  output: { value: id === "last" ? "outputs.value" : `vars.${id}` },
  config,
});
const SKILLS: Record<string, object[]> = {
  chain: [
    step("a", "read", "inputs.value"),
    step("b", "write", "vars.a"),
    step("c", "read", "vars.b"),
    step("last", "write", "vars.c"),
  ],
  waiting: [
    step("a", "write", "inputs.value"),
    { id: "w", uses: "wait.signal", input: { name: "go" }, output: { payload: "vars.w" } },
    step("last", "write", "vars.w"),
  ],
  loop: [
    {
      id: "each",
      uses: "test.value.write",
      input: { value: "item" },
      output: { value: "outputs.value" },
      config: { foreach: { items: "inputs.value", concurrency: 2 } },
    },
  ],
  flaky: [
    step("a", "write", "inputs.value"),
    step("b", "flaky", "vars.a"),
    step("last", "write", "vars.b"),
  ],
  risky_loop: [
    {
      id: "each",
      uses: "test.value.risky_write",
      input: { value: "item" },
      output: { value: "outputs.value" },
      config: { foreach: { items: "inputs.value" } },
    },
  ],
  flaky_loop: [
    {
      id: "each",
      uses: "test.value.write",
      input: { value: "item" },
      output: { value: "vars.each" },
      config: { foreach: { items: "inputs.value" } },
    },
    step("last", "flaky", "vars.each"),
  ],
  slow: [step("last", "slow_write", "inputs.value")],
  branches: [
    step("a", "read", "inputs.value", { depends_on: [] }),
    step("b", "write", "inputs.value", { depends_on: [] }),
    step("off", "write", "inputs.value", { depends_on: [], condition: "inputs.value == 'never'" }),
    step("last", "write", "vars.a", { depends_on: ["a", "b"] }),
  ],
  nested: [step("n", "skill:test.chain", "inputs.value"), step("last", "read", "vars.n")],
};

const CATALOG = inlineCatalog({
  capabilities: Object.keys(FUNCTIONS).map((id) => ({
    id,
    outputs: ["value"],
    effect: id.endsWith("write") ? "write" : "read",
  })),
  skills: Object.entries(SKILLS).map(([name, steps]) => ({
    id: `test.${name}`,
    version: "1.0.0",
    name,
    description: name,
    inputs: { value: { type: name.endsWith("loop") ? "array" : "string" } },
    steps,
  })),
});

async function start(): Promise<Runtime> {
  const runtime = await startInlineRuntime({
    pool: database.pool,
    connectionString: database.connectionString,
    catalog: CATALOG,
    functions: FUNCTIONS,
  });
  runtimes.push(runtime);
  return runtime;
}

const replay = (runtime: Runtime, sourceRunId: string, change: Partial<ReplayRunRequest> = {}) =>
  runtime.replayRun({
    tenantId: INLINE_TENANT,
    sourceRunId,
    through: 0,
    checkpointId: null,
    inputs: null,
    version: null,
    environment: null,
    isHeld: false,
    actor: "test",
    ...change,
  });

const resume = (runtime: Runtime, runId: string) =>
  runtime.command({
    tenantId: INLINE_TENANT,
    runId,
    actor: "test",
    kind: "resume",
    reason: "mended",
  });

const signal = (runtime: Runtime, runId: string) =>
  runtime.command({
    tenantId: INLINE_TENANT,
    runId,
    actor: "test",
    kind: "signal",
    signalId: `sig_${runId}`,
    name: "go",
    payload: { ok: true },
  });

/** The sequence of the event that ended a step. */
async function endOf(runId: string, stepId: string): Promise<number> {
  const events = await probe.events(runId);
  const end = events.find(
    ({ event_type: type, payload }) => type === "step.completed" && payload["step_id"] === stepId,
  );
  return end?.sequence ?? 0;
}

const done = async (runtime: Runtime, skill: string, value: JsonObject[string]) => {
  const { runId } = await startInlineRun(runtime, `test.${skill}`, { value });
  await probe.untilEnded(runId);
  return runId;
};

describe("a replay", () => {
  test("reuses what was recorded before its start, and finds the effects after it in the ledger", async () => {
    const runtime = await start();
    const source = await done(runtime, "chain", "x");
    const before = await probe.events(source);
    expect(calls).toEqual(['read "x"', 'write "x!"', 'read "x!"', 'write "x!!"']);
    calls = [];
    const { runId } = await replay(runtime, source, { through: await endOf(source, "b") });
    const ended = await probe.untilEnded(runId);
    expect(ended).toMatchObject({ status: "completed", outputs: { value: "x!!" } });
    expect(calls).toEqual(['read "x!"']);
    const events = await probe.events(runId);
    const types = events.map((event) => event.event_type);
    expect(types.slice(0, 3)).toEqual(["run.created", "run.replaying", "checkpoint.saved"]);
    // It replays as long as results are reused, and runs from the first step that happens.
    const started = types.indexOf("run.started");
    const completed = events.flatMap(({ event_type: type, payload }, index) =>
      type === "step.completed"
        ? [[payload["step_id"], index < started, payload["reused_from"]]]
        : [],
    );
    expect(completed).toEqual([
      ["a", true, { run_id: source, sequence: await endOf(source, "a") }],
      ["b", true, { run_id: source, sequence: await endOf(source, "b") }],
      ["c", false, undefined],
      ["last", false, undefined],
    ]);
    expect(types.filter((type) => type === "side_effect.reused")).toHaveLength(2);
    expect(types).not.toContain("side_effect.attempted");
    expect(await probe.events(source)).toEqual(before);
  });

  test("of everything calls nothing", async () => {
    const runtime = await start();
    const source = await done(runtime, "loop", ["x", "y", "z"]);
    calls = [];
    const { head_sequence: through } = await probe.row(source);
    const { runId } = await replay(runtime, source, { through });
    expect(await probe.untilEnded(runId)).toMatchObject({
      status: "completed",
      outputs: { value: ["x", "y", "z"] },
    });
    expect(await probe.typesOf(runId)).not.toContain("run.started");
    expect(calls).toEqual([]);
  });

  test("of a replay reuses in the same way, and waits that were over are over", async () => {
    const runtime = await start();
    const { runId: source } = await startInlineRun(runtime, "test.waiting", { value: "x" });
    await probe.until(source, "waiting_for_signal");
    await signal(runtime, source);
    await probe.untilEnded(source);
    calls = [];
    const first = await replay(runtime, source, { through: await endOf(source, "w") });
    await probe.untilEnded(first.runId);
    const second = await replay(runtime, first.runId, { through: await endOf(first.runId, "w") });
    expect(await probe.untilEnded(second.runId)).toMatchObject({
      status: "completed",
      outputs: { value: { ok: true } },
    });
    expect(calls).toEqual([]);
  });

  test("with other inputs runs again what they reach, and is blocked before an effect with another request", async () => {
    const runtime = await start();
    const source = await done(runtime, "chain", "x");
    calls = [];
    const { head_sequence: through } = await probe.row(source);
    const { runId } = await replay(runtime, source, { through, inputs: { value: "y" } });
    await probe.until(runId, "waiting_for_human");
    expect(calls).toEqual(['read "y"']);
    expect(await probe.typesOf(runId)).toContain("side_effect.blocked");
  });

  test("while its source makes the call waits for its result and does not make it too", async () => {
    const runtime = await start();
    const { runId: source } = await startInlineRun(runtime, "test.slow", { value: "x" });
    await expect.poll(() => calls).toEqual(['slow "x"']);
    const { runId } = await replay(runtime, source);
    expect(await probe.untilEnded(runId)).toMatchObject({
      status: "completed",
      outputs: { value: "x" },
    });
    expect(await probe.row(source)).toMatchObject({ status: "completed" });
    expect(calls).toEqual(['slow "x"']);
  });

  test("that another worker takes over goes on reusing", async () => {
    const runtime = await start();
    const { runId: source } = await startInlineRun(runtime, "test.waiting", { value: "x" });
    await probe.until(source, "waiting_for_signal");
    const { runId } = await replay(runtime, source, { through: await endOf(source, "a") });
    await probe.until(runId, "waiting_for_signal");
    await runtime.stop();
    runtimes.length = 0;
    const next = await start();
    await signal(next, runId);
    expect((await probe.untilEnded(runId)).status).toBe("completed");
    expect(calls.filter((call) => call === 'write "x"')).toHaveLength(1);
  });

  test("of a nested run, of an unknown run and of another tenant's is refused", async () => {
    const runtime = await start();
    const parent = await done(runtime, "nested", "x");
    const { rows } = await database.pool.query<{ run_id: string }>(
      "SELECT run_id FROM runs WHERE parent_run_id = $1",
      [parent],
    );
    await expect(replay(runtime, rows[0]?.run_id ?? "")).rejects.toMatchObject({
      code: "invalid_request",
      details: { parent_run_id: parent },
    });
    await expect(replay(runtime, "run_none")).rejects.toMatchObject({ code: "run_not_found" });
    await expect(replay(runtime, parent, { tenantId: "tnt_other" })).rejects.toMatchObject({
      code: "run_not_found",
    });
  });

  test("of a run with nested runs finds their effects as well", async () => {
    const runtime = await start();
    const source = await done(runtime, "nested", "x");
    const writes = calls.filter((call) => call.startsWith("write"));
    const { runId } = await replay(runtime, source);
    expect((await probe.untilEnded(runId)).status).toBe("completed");
    expect(calls.filter((call) => call.startsWith("write"))).toEqual(writes);
  });
});

test("a held fork does nothing until it is resumed", async () => {
  const runtime = await start();
  const source = await done(runtime, "chain", "x");
  calls = [];
  const fork = await replay(runtime, source, { through: await endOf(source, "b"), isHeld: true });
  expect(fork.status).toBe("pending");
  await sleep(1_500);
  expect(await probe.row(fork.runId)).toMatchObject({ status: "pending", owner_worker_id: null });
  await resume(runtime, fork.runId);
  expect((await probe.untilEnded(fork.runId)).status).toBe("completed");
  expect(calls).toEqual(['read "x!"']);
});

describe("resuming", () => {
  test("a failed run retries the failed step and repeats no effect", async () => {
    const runtime = await start();
    isBroken = true;
    const runId = await done(runtime, "flaky", "x");
    expect(await probe.row(runId)).toMatchObject({ status: "failed" });
    isBroken = false;
    await resume(runtime, runId);
    expect(await probe.untilEnded(runId)).toMatchObject({
      status: "completed",
      outputs: { value: "x" },
      error: null,
    });
    expect(calls).toEqual(['write "x"', 'write "x"']);
    const types = await probe.typesOf(runId);
    expect(types.indexOf("run.failed")).toBeLessThan(types.indexOf("run.resumed"));
  });

  test("survives that nobody was there to hear of it", async () => {
    const first = await start();
    isBroken = true;
    const runId = await done(first, "flaky", "x");
    await first.stop();
    runtimes.length = 0;
    isBroken = false;
    await database.pool.query(
      `INSERT INTO run_commands (tenant_id, run_id, command_id, kind, payload, actor)
       VALUES ($1, $2, 'cmd_resume', 'resume', '{}', 'test')`,
      [INLINE_TENANT, runId],
    );
    await database.pool.query("UPDATE runs SET wake_at = now() WHERE run_id = $1", [runId]);
    await start();
    await probe.until(runId, "completed");
  });

  test("a canceled run goes on, with a loop from its beginning and without repeating its calls", async () => {
    const runtime = await start();
    isBroken = true;
    const runId = await done(runtime, "flaky_loop", ["x", "y"]);
    isBroken = false;
    await resume(runtime, runId);
    await probe.until(runId, "completed");
    expect(calls).toEqual(['write "x"', 'write "y"']);
    const waiting = await startInlineRun(runtime, "test.waiting", { value: "z" });
    await probe.until(waiting.runId, "waiting_for_signal");
    await runtime.command({
      tenantId: INLINE_TENANT,
      runId: waiting.runId,
      actor: "test",
      kind: "cancel",
    });
    expect(await probe.row(waiting.runId)).toMatchObject({ status: "canceled" });
    await resume(runtime, waiting.runId);
    await probe.until(waiting.runId, "waiting_for_signal");
    await signal(runtime, waiting.runId);
    await probe.until(waiting.runId, "completed");
    expect(calls.filter((call) => call === 'write "z"')).toHaveLength(1);
  });

  test("a loop that failed half-way makes the calls anew that failed, and no other", async () => {
    const runtime = await start();
    isBroken = true;
    const runId = await done(runtime, "risky_loop", ["x", "y"]);
    expect(await probe.row(runId)).toMatchObject({ status: "failed" });
    isBroken = false;
    await resume(runtime, runId);
    await probe.until(runId, "completed");
    expect(calls).toEqual(['risky "x"', 'risky "y"', 'risky "y"']);
  });

  test("a completed run is refused", async () => {
    const runtime = await start();
    const runId = await done(runtime, "chain", "x");
    await expect(resume(runtime, runId)).rejects.toMatchObject({
      code: "invalid_transition",
      details: { from: "completed" },
    });
  });
});

describe("what was planned is what happens", () => {
  const planner = () =>
    createReplayPlanner({
      pool: database.pool,
      catalogs: { getCatalog: () => Promise.resolve(CATALOG), forget: () => {} },
      now: () => Date.now(),
    });
  const wish = (runId: string, change: Partial<ReplayWish> = {}): ReplayWish => ({
    tenantId: INLINE_TENANT,
    runId,
    operation: "replay",
    checkpointSequence: null,
    stepId: null,
    inputs: {},
    version: null,
    environment: null,
    ...change,
  });

  /** What became of each step, in the words of a plan. */
  async function executed(runId: string): Promise<Map<string, string>> {
    const outcome = new Map<string, string>();
    for (const { event_type: type, payload } of await probe.events(runId)) {
      const key = stepKeyOfPayload(payload);
      if (key === null) continue;
      if (type === "step.started" && payload["loop"] === undefined) outcome.set(key, "run");
      if (type === "step.skipped") outcome.set(key, "skip");
      if (type === "side_effect.reused") outcome.set(key, "reuse");
      if (type === "side_effect.blocked") outcome.set(key, "blocked");
      if (type === "step.completed" && payload["reused_from"] !== undefined)
        outcome.set(key, "reuse");
    }
    return outcome;
  }

  /** Until it has ended, or it or a run inside it asks people. */
  async function untilSettled(runId: string): Promise<void> {
    await vi.waitUntil(
      async () => {
        const found = await database.pool.query(
          `SELECT 1 FROM runs WHERE (run_id = $1 AND status IN ('completed', 'failed', 'canceled', 'waiting_for_human'))
             OR (parent_run_id = $1 AND status = 'waiting_for_human')`,
          [runId],
        );
        return found.rows.length > 0;
      },
      { timeout: 15_000, interval: 10 },
    );
  }

  const value = (skill: string, text: string) => (skill === "loop" ? [text, "z"] : text);

  test("for every checkpoint of every skill, with the same and with other inputs", async () => {
    const runtime = await start();
    let compared = 0;
    for (const skill of ["chain", "loop", "branches", "nested"]) {
      const source = await done(runtime, skill, value(skill, "x"));
      const checkpoints = (await probe.events(source)).flatMap(({ event_type: type, sequence }) =>
        type === "checkpoint.saved" ? [sequence] : [],
      );
      for (const checkpointSequence of [null, ...checkpoints]) {
        for (const text of ["x", "y"]) {
          const inputs = { value: value(skill, text) };
          const plan = await planner().plan(wish(source, { checkpointSequence, inputs }));
          const { runId } = await replay(runtime, source, { through: plan.through, inputs });
          await untilSettled(runId);
          const planned = new Map(
            plan.rows
              .filter(({ reason }) => !reason.startsWith("it follows"))
              .map((row) => [
                occurrenceKey(row.step_id, row.occurrence ?? undefined),
                row.decision,
              ]),
          );
          const happened = await executed(runId);
          const where = `${skill} from ${checkpointSequence} with ${text}`;
          for (const [key, decision] of planned)
            expect([where, key, happened.get(key)]).toEqual([where, key, decision]);
          // Nothing happens that no row told of.
          const told = new Set(plan.rows.map(({ step_id: stepId }) => stepId));
          for (const key of happened.keys())
            expect([where, told.has(key.split("#")[0] ?? "")]).toEqual([where, true]);
          compared += 1;
        }
      }
    }
    expect(compared).toBeGreaterThan(40);
  }, 60_000);

  test("for a fork that waits to be resumed, which reuses what its source had brought", async () => {
    const runtime = await start();
    const source = await done(runtime, "chain", "x");
    const through = await endOf(source, "b");
    const { runId } = await replay(runtime, source, { through, isHeld: true });
    const plan = await planner().plan(wish(runId, { operation: "resume" }));
    await resume(runtime, runId);
    await probe.untilEnded(runId);
    const happened = await executed(runId);
    const certain = plan.rows.filter((row) => row.is_certain);
    expect(certain.map((row) => [row.step_id, row.decision])).toEqual([
      ["a", "reuse"],
      ["b", "reuse"],
      ["c", "run"],
    ]);
    for (const row of certain) expect(happened.get(row.step_id)).toBe(row.decision);
  });

  test("for a resume after a failure, and the plan's hash changes with what it depends on", async () => {
    const runtime = await start();
    isBroken = true;
    const runId = await done(runtime, "flaky", "x");
    isBroken = false;
    const plan = await planner().plan(wish(runId, { operation: "resume" }));
    expect(plan.rows.map((row) => [row.step_id, row.decision, row.is_certain])).toEqual([
      ["a", "reuse", true],
      ["b", "run", true],
      ["last", "run", false],
    ]);
    const replayed = await planner().plan(wish(runId));
    expect(await planner().plan(wish(runId))).toEqual(replayed);
    expect(replayed.checkpointId).not.toBeNull();
    expect(plan.planHash).not.toBe(replayed.planHash);
    expect((await planner().plan(wish(runId, { inputs: { value: "y" } }))).planHash).not.toBe(
      replayed.planHash,
    );
    await resume(runtime, runId);
    await probe.until(runId, "completed");
    expect((await planner().plan(wish(runId))).planHash).not.toBe(replayed.planHash);
    await expect(planner().plan(wish(runId, { operation: "resume" }))).rejects.toMatchObject({
      code: "invalid_transition",
    });
  });

  test("an effect in doubt asks, and a step that never began is no place to start from", async () => {
    const runtime = await start();
    const { runId } = await startInlineRun(runtime, "test.slow", { value: "x" });
    await expect.poll(() => calls).toEqual(['slow "x"']);
    await expect
      .poll(async () => (await planner().plan(wish(runId))).rows)
      .toMatchObject([{ step_id: "last", decision: "ask" }]);
    await expect(planner().plan(wish(runId, { stepId: "nothing" }))).rejects.toMatchObject({
      code: "invalid_request",
      details: { step_id: "nothing" },
    });
    await probe.untilEnded(runId);
  });
});
