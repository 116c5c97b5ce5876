import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ReplayPolicy } from "../../core/capability.ts";
import { DomainError } from "../../core/errors.ts";
import type { JsonObject } from "../../core/json.ts";
import { createTestDatabase, type TestDatabase } from "../database/test-database.ts";
import type { BuiltinModule } from "./builtins/builtin.ts";
import type { Runtime } from "./runtime.ts";
import { inlineCatalog } from "./testing/inline-catalog.ts";
import { inlinePlanner, replayWish } from "./testing/inline-planner.ts";
import { INLINE_TENANT, startInlineRun, startInlineRuntime } from "./testing/inline-runtime.ts";
import { answerQuestion, lastQuestion, type Question } from "./testing/questions.ts";
import { redriveAll } from "./testing/redrive-all.ts";
import { RunProbe } from "./testing/run-probe.ts";

/** What becomes of a call that the lineage has made before, by the policy of its capability. */

let database: TestDatabase;
let probe: RunProbe;
beforeAll(async () => {
  database = await createTestDatabase();
  probe = new RunProbe(database);
  return database.drop;
});

let runtime: Runtime;
let keys: string[] = [];
let isBroken = true;
beforeEach(async () => {
  keys = [];
  isBroken = true;
  runtime = await startInlineRuntime({
    pool: database.pool,
    connectionString: database.connectionString,
    catalog: CATALOG,
    functions: FUNCTIONS,
  });
});
afterEach(() => runtime.stop());

const POLICIES: Record<string, ReplayPolicy> = {
  "test.value.again": "reexecute",
  "test.value.asked": "require_human",
  "test.value.kept": "use_recorded_result",
};
const FUNCTIONS: BuiltinModule = Object.fromEntries(
  Object.keys(POLICIES).map((id) => [
    id,
    ({ value }, { idempotencyKey = "" }) => {
      if (isBroken && value === "b") throw new DomainError("invalid_request", "It refuses b.");
      keys.push(idempotencyKey);
      return { value: `${JSON.stringify(value)} ${keys.length}` };
    },
  ]),
);
/** A loop that did not end begins anew when its run is resumed: its first call was made already. */
const TWICE = {
  id: "test.twice",
  version: "1.0.0",
  name: "twice",
  description: "twice",
  inputs: { items: { type: "array" } },
  steps: [
    {
      id: "each",
      uses: "test.value.again",
      input: { value: "item" },
      output: { value: "outputs.value" },
      config: { foreach: { items: "inputs.items" } },
    },
  ],
};
const CATALOG = inlineCatalog({
  capabilities: Object.entries(POLICIES).map(([id, replayPolicy]) => ({
    id,
    replayPolicy,
    effect: "write",
    outputs: ["value"],
  })),
  skills: [
    TWICE,
    ...Object.keys(POLICIES).map((id) => ({
      id: `test.${id.slice("test.value.".length)}`,
      version: "1.0.0",
      name: id,
      description: id,
      inputs: { value: { type: "string" } },
      steps: [
        {
          id: "act",
          uses: id,
          input: { value: "inputs.value" },
          output: { value: "outputs.value" },
        },
      ],
    })),
  ],
});

async function done(skill: string, inputs: JsonObject = { value: "x" }): Promise<string> {
  const { runId } = await startInlineRun(runtime, `test.${skill}`, inputs);
  await probe.untilEnded(runId);
  return runId;
}

async function replay(sourceRunId: string, inputs: JsonObject | null = null): Promise<string> {
  const { runId } = await runtime.replayRun({
    tenantId: INLINE_TENANT,
    sourceRunId,
    through: 0,
    checkpointId: null,
    inputs,
    version: null,
    environment: null,
    isHeld: false,
    actor: "test",
  });
  return runId;
}

async function planned(runId: string, inputs: JsonObject = {}) {
  const planner = inlinePlanner(database.pool, () => CATALOG);
  const { rows } = await planner.plan(replayWish(runId, { inputs }));
  return rows.map(({ decision, reason }) => [decision, reason]);
}

const effects = async (runIds: string[]) => {
  const { rows } = await database.pool.query<{ status: string; idempotency_key: string }>(
    "SELECT status, idempotency_key FROM effects WHERE run_id = ANY($1) ORDER BY created_at",
    [runIds],
  );
  return rows;
};

describe("reexecute", () => {
  test("makes the call again under a record and a key of its own, in every replay", async () => {
    const source = await done("again");
    expect(await planned(source)).toEqual([
      ["run", "its replay policy has it made again, as a new effect"],
    ]);
    const first = await replay(source);
    expect(await probe.untilEnded(first)).toMatchObject({ outputs: { value: '"x" 2' } });
    const second = await replay(source);
    expect(await probe.untilEnded(second)).toMatchObject({ outputs: { value: '"x" 3' } });
    expect(new Set(keys).size).toBe(3);
    const rows = await effects([source, first, second]);
    expect(rows.map(({ idempotency_key: key }) => key)).toEqual(keys);
    expect(rows.map(({ status }) => status)).toEqual(["recorded", "recorded", "recorded"]);
  });
});

async function questionOf(runId: string): Promise<Question> {
  await probe.until(runId, "waiting_for_human");
  return lastQuestion(probe, runId);
}

async function answer(
  runId: string,
  change: JsonObject | null,
  question?: Question,
): Promise<void> {
  const asked = question ?? (await questionOf(runId));
  await answerQuestion(runtime, runId, asked, change, change === null ? "no" : undefined);
}

describe("require_human", () => {
  test("asks, and makes the call again or takes its result as people say", async () => {
    const source = await done("asked");
    expect(await planned(source)).toEqual([
      ["ask", "its replay policy has people decide whether it is made again"],
    ]);
    const taken = await replay(source);
    expect(await questionOf(taken)).toMatchObject({
      kind: "replay",
      payload: { request: { value: "x" }, recorded_request: { value: "x" }, choice: "execute" },
      changes: [],
    });
    await answer(taken, { choice: "use_recorded_result" });
    expect(await probe.untilEnded(taken)).toMatchObject({ outputs: { value: '"x" 1' } });
    expect(keys).toHaveLength(1);
    const made = await replay(source);
    await answer(made, {});
    expect(await probe.untilEnded(made)).toMatchObject({ outputs: { value: '"x" 2' } });
    expect(new Set(keys).size).toBe(2);
    const rows = await effects([source, taken, made]);
    expect(rows.map(({ status }) => status)).toEqual(["recorded", "reused", "recorded"]);
    const denied = await replay(source);
    await answer(denied, null);
    expect(await probe.untilEnded(denied)).toMatchObject({ status: "canceled" });
    expect(keys).toHaveLength(2);
  });

  test("is asked for again where a run goes on after its process was gone, and answered once", async () => {
    const source = await done("asked");
    const runId = await replay(source);
    const question = await questionOf(runId);
    await runtime.stop();
    runtime = await startInlineRuntime({
      pool: database.pool,
      connectionString: database.connectionString,
      catalog: CATALOG,
      functions: FUNCTIONS,
    });
    await answer(runId, {}, question);
    await expect(answer(runId, {}, question)).rejects.toMatchObject({
      code: "approval_not_pending",
    });
    await probe.untilEnded(runId);
    expect(keys).toHaveLength(2);
  });
});

describe("another request than the recorded one", () => {
  test("is blocked until people have seen the difference; approved, it is a new record", async () => {
    const source = await done("kept");
    expect(await planned(source, { value: "y" })).toMatchObject([["blocked", expect.anything()]]);
    const runId = await replay(source, { value: "y" });
    expect(await questionOf(runId)).toMatchObject({
      kind: "replay",
      payload: { recorded_request: { value: "x" }, request: { value: "y" } },
      changes: [{ path: "value", kind: "changed", before: "x", after: "y" }],
    });
    await expect(answer(runId, { effect_id: "eff_1_1" })).rejects.toMatchObject({
      code: "invalid_request",
      details: { problems: [{ path: "effect_id" }] },
    });
    await answer(runId, {});
    expect(await probe.untilEnded(runId)).toMatchObject({ outputs: { value: '"y" 2' } });
    const rows = await effects([source, runId]);
    expect(rows.map(({ status }) => status)).toEqual(["recorded", "blocked", "recorded"]);
    expect(new Set(keys).size).toBe(2);
    // The next replay of the new request finds the new record.
    const next = await replay(runId, { value: "y" });
    expect(await probe.untilEnded(next)).toMatchObject({ outputs: { value: '"y" 2' } });
    expect(keys).toHaveLength(2);
  });

  test("is sent as people edited it, or not at all where they take the recorded result", async () => {
    const source = await done("kept");
    const taken = await replay(source, { value: "y" });
    await answer(taken, { choice: "use_recorded_result" });
    expect(await probe.untilEnded(taken)).toMatchObject({ outputs: { value: '"x" 1' } });
    const edited = await replay(source, { value: "y" });
    await answer(edited, { request: { value: "z" } });
    expect(await probe.untilEnded(edited)).toMatchObject({ outputs: { value: '"z" 2' } });
  });
});

test("two replays that make the same call again at the same time are two calls, one record each", async () => {
  const source = await done("again");
  const runs = await Promise.all([replay(source), replay(source)]);
  for (const runId of runs) expect(await probe.untilEnded(runId)).toMatchObject({ error: null });
  const rows = await effects([source, ...runs]);
  expect(new Set(rows.map(({ idempotency_key: key }) => key)).size).toBe(3);
  expect(keys.toSorted()).toEqual(rows.map(({ idempotency_key: key }) => key).toSorted());
}, 30_000);

test("a run that is resumed takes what it has itself recorded, whatever the policy says", async () => {
  const { runId } = await startInlineRun(runtime, "test.twice", { items: ["a", "b"] });
  expect(await probe.untilEnded(runId)).toMatchObject({ status: "failed" });
  isBroken = false;
  await runtime.command({ tenantId: INLINE_TENANT, runId, actor: "test", kind: "resume" });
  await probe.until(runId, "completed");
  expect(await probe.row(runId)).toMatchObject({ outputs: { value: ['"a" 1', '"b" 2'] } });
});

test("all of these histories are re-driven to what was recorded", async () => {
  const { runs, differing } = await redriveAll(database.pool, CATALOG);
  expect(runs).toBeGreaterThan(5);
  expect(differing).toEqual({});
});
