import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Json } from "../../core/json.ts";
import { createTestDatabase, type TestDatabase } from "../database/test-database.ts";
import type { BuiltinModule } from "./builtins/builtin.ts";
import type { ReplayWish } from "./replay-wish.ts";
import type { Runtime } from "./runtime.ts";
import { inlineCatalog } from "./testing/inline-catalog.ts";
import { inlinePlanner, replayWish } from "./testing/inline-planner.ts";
import { INLINE_TENANT, startInlineRun, startInlineRuntime } from "./testing/inline-runtime.ts";
import { answerQuestion, lastQuestion } from "./testing/questions.ts";
import { redriveAll } from "./testing/redrive-all.ts";
import { RunProbe } from "./testing/run-probe.ts";

/** Replays of which the source undoes what they were to reuse, after they were planned. */

let database: TestDatabase;
let probe: RunProbe;
beforeAll(async () => {
  database = await createTestDatabase();
  probe = new RunProbe(database);
});
afterAll(() => database.drop());

const runtimes: Runtime[] = [];
afterEach(async () => {
  withdrawing.resolve();
  for (const runtime of runtimes.splice(0)) await runtime.stop();
});

let calls: string[] = [];
let withdrawing: PromiseWithResolvers<void>;
beforeEach(() => {
  calls = [];
  withdrawing = Promise.withResolvers();
  withdrawing.resolve();
});

const text = (value: Json | undefined) => (typeof value === "string" ? value : "nothing");
const FUNCTIONS: BuiltinModule = {
  "shop.order.place": ({ value }) => {
    calls.push(`place ${text(value)}`);
    return { id: text(value) };
  },
  "shop.order.withdraw": async ({ value }) => {
    await withdrawing.promise;
    calls.push(`withdraw ${text(value)}`);
    return { id: text(value) };
  },
};
const place = (id: string) => ({
  id,
  uses: "shop.order.place",
  input: { value: id },
  output: { id: `vars.${id}` },
});
const hold = { id: "hold", uses: "wait.signal", input: { name: "go" } };
const end = { id: "end", uses: "wait.signal", input: { name: "end" } };
const nest = (id: string, inner: string) => ({ id, uses: `skill:test.${inner}`, input: {} });
const skill = (id: string, version: string, steps: object[]) => ({
  id: `test.${id}`,
  version,
  name: id,
  description: id,
  steps,
});
const CATALOG = inlineCatalog({
  capabilities: [
    {
      id: "shop.order.place",
      effect: "write",
      outputs: ["id"],
      compensation: { capability: "shop.order.withdraw", input: { value: "outputs.id" } },
    },
    { id: "shop.order.withdraw", effect: "write", outputs: ["id"] },
  ],
  skills: [
    skill("shop", "1.0.0", [place("a"), hold, place("b"), end]),
    skill("inner", "1.0.0", [place("x")]),
    skill("other", "1.0.0", [place("y")]),
    skill("outer", "1.0.0", [nest("n", "inner"), end]),
    skill("outer", "2.0.0", [nest("m", "inner"), nest("n", "other"), end]),
  ],
});

async function open(): Promise<Runtime> {
  const runtime = await startInlineRuntime({
    pool: database.pool,
    connectionString: database.connectionString,
    catalog: CATALOG,
    functions: FUNCTIONS,
  });
  runtimes.push(runtime);
  return runtime;
}

const base = { tenantId: INLINE_TENANT, actor: "ada" };
const signal = (runtime: Runtime, runId: string, name: string) =>
  runtime.command({
    ...base,
    runId,
    kind: "signal",
    signalId: `sig_${runId}_${name}`,
    name,
    payload: null,
  });
const undo = (runtime: Runtime, runId: string) =>
  runtime.command({ ...base, runId, kind: "cancel", compensate: true });

/** A run that has placed a and b, and waits for its end. */
async function placed(runtime: Runtime): Promise<string> {
  const { runId } = await startInlineRun(runtime, "test.shop");
  await probe.until(runId, "waiting_for_signal");
  await signal(runtime, runId, "go");
  await vi.waitUntil(() => calls.includes("place b"), { timeout: 15_000 });
  await probe.until(runId, "waiting_for_signal");
  return runId;
}

const plan = (runId: string, change: Partial<ReplayWish>) =>
  inlinePlanner(database.pool, () => CATALOG).plan(replayWish(runId, change));
const decisions = ({ rows }: Awaited<ReturnType<typeof plan>>) =>
  Object.fromEntries(rows.map((row) => [row.step_id, row.decision]));

async function make(
  runtime: Runtime,
  sourceRunId: string,
  change: Partial<ReplayWish>,
  isHeld = false,
) {
  const planned = await plan(sourceRunId, change);
  const { request } = planned;
  if (request === null) throw new Error("A replay is a new run.");
  const { runId } = await runtime.replayRun({ ...request, ...base, isHeld });
  return { planned, runId };
}

/** From the waiting step on, with what b had brought all the same. */
const AROUND_HOLD: Partial<ReplayWish> = {
  stepId: "hold",
  overrides: { b: "use_recorded_result" },
};

describe("what a source undoes after its replay was planned", () => {
  test("is neither reused nor silently done again, whoever drives the replay by then", async () => {
    const first = await open();
    const source = await placed(first);
    const { planned, runId } = await make(first, source, AROUND_HOLD);
    expect(decisions(planned)).toMatchObject({ a: "reuse", hold: "wait", b: "reuse" });
    await probe.until(runId, "waiting_for_signal");
    await first.stop();
    const second = await open();
    await undo(second, source);
    await probe.untilEnded(source);
    calls = [];
    await signal(second, runId, "go");
    await probe.until(runId, "waiting_for_human");
    expect(calls).toEqual([]);
    const question = await lastQuestion(probe, runId);
    expect(question).toMatchObject({ kind: "replay", payload: { request: { value: "b" } } });
    expect(question.reason).toContain("was undone after this run was planned");
    await answerQuestion(second, runId, question, { choice: "execute" });
    await probe.until(runId, "waiting_for_signal");
    expect(calls).toEqual(["place b"]);
  });

  test("is waited for while it is being undone, and then asked about", async () => {
    const runtime = await open();
    const source = await placed(runtime);
    const { runId } = await make(runtime, source, AROUND_HOLD);
    await probe.until(runId, "waiting_for_signal");
    withdrawing = Promise.withResolvers();
    void undo(runtime, source);
    await probe.until(source, "compensating");
    await signal(runtime, runId, "go");
    await vi.waitUntil(
      async () =>
        (await probe.events(runId)).some(
          ({ event_type: type, payload }) => type === "step.started" && payload["step_id"] === "b",
        ),
      { timeout: 15_000 },
    );
    expect((await probe.row(runId)).status).toBe("running");
    withdrawing.resolve();
    await probe.until(runId, "waiting_for_human");
    expect((await lastQuestion(probe, runId)).reason).toContain("was undone after");
    expect(calls.filter((call) => call === "place b")).toHaveLength(1);
  });

  test("is asked about by a fork that waited meanwhile, as the plan of its resume says", async () => {
    const runtime = await open();
    const source = await placed(runtime);
    const { runId } = await make(runtime, source, { stepId: "hold" }, true);
    await undo(runtime, source);
    await probe.untilEnded(source);
    calls = [];
    expect(decisions(await plan(runId, { operation: "resume" }))).toMatchObject({ a: "ask" });
    await runtime.command({ ...base, runId, kind: "resume" });
    await probe.until(runId, "waiting_for_human");
    expect(calls).toEqual([]);
  });

  test("is done again by a replay that was planned after it", async () => {
    const runtime = await open();
    const source = await placed(runtime);
    await undo(runtime, source);
    await probe.untilEnded(source);
    calls = [];
    const { planned, runId } = await make(runtime, source, { stepId: "hold" });
    expect(decisions(planned)).toMatchObject({ a: "run" });
    await probe.until(runId, "waiting_for_signal");
    expect(calls).toEqual(["place a"]);
  });

  test("inside a nested run is asked about there, and nothing else is repeated", async () => {
    const runtime = await open();
    const { runId: source } = await startInlineRun(runtime, "test.outer", {}, { version: "1.0.0" });
    await probe.until(source, "waiting_for_signal");
    const { planned, runId } = await make(runtime, source, { stepId: "end" }, true);
    expect(decisions(planned)).toMatchObject({ n: "reuse" });
    await undo(runtime, source);
    await probe.untilEnded(source);
    calls = [];
    await runtime.command({ ...base, runId, kind: "resume" });
    const nested = await vi.waitUntil(
      async () => {
        const { rows } = await database.pool.query<{ run_id: string }>(
          "SELECT run_id FROM runs WHERE parent_run_id = $1 AND status = 'waiting_for_human'",
          [runId],
        );
        return rows[0]?.run_id;
      },
      { timeout: 15_000 },
    );
    expect((await lastQuestion(probe, nested)).reason).toContain("was undone after");
    expect(calls).toEqual([]);
  });
});

test("choices that are made when a replay is resumed let no later results in, whoever drives it", async () => {
  const first = await open();
  const source = await placed(first);
  await signal(first, source, "end");
  await probe.untilEnded(source);
  const wish = { stepId: "hold", overrides: { a: "use_recorded_result" } } as const;
  const { planned, runId } = await make(first, source, wish, true);
  expect(decisions(planned)).toMatchObject({ hold: "wait", end: "wait" });
  const overrides = { end: "use_recorded_result" } as const;
  await first.command({ ...base, runId, kind: "resume", overrides });
  await probe.until(runId, "waiting_for_signal");
  await first.stop();
  const second = await open();
  await signal(second, runId, "go");
  await vi.waitUntil(
    async () => (await probe.events(runId)).some(({ payload }) => payload["step_id"] === "end"),
    { timeout: 15_000 },
  );
  await probe.until(runId, "waiting_for_signal");
});

test("what was undone is known by its place, not by a name that another step has now", async () => {
  const runtime = await open();
  const { runId: source } = await startInlineRun(runtime, "test.outer", {}, { version: "1.0.0" });
  await probe.until(source, "waiting_for_signal");
  await undo(runtime, source);
  await probe.untilEnded(source);
  const wish = { version: "2.0.0", stepMap: { n: "m" } };
  const { planned, runId } = await make(runtime, source, wish);
  expect(decisions(planned)).toMatchObject({ m: "run", n: "run" });
  await probe.until(runId, "waiting_for_signal");
  expect(calls).toEqual(["place x", "withdraw x", "place x", "place y"]);
  expect(decisions(await plan(runId, { stepId: "end" }))).toMatchObject({ n: "reuse" });
});

test("a replay takes the result of a nested run whole, and waits that were over, and calls nothing", async () => {
  const runtime = await open();
  const waited = await make(runtime, await placed(runtime), { stepId: "end" });
  await probe.until(waited.runId, "waiting_for_signal");
  await signal(runtime, waited.runId, "end");
  await probe.until(waited.runId, "completed");
  calls = [];
  const { runId: source } = await startInlineRun(runtime, "test.outer", {}, { version: "1.0.0" });
  await probe.until(source, "waiting_for_signal");
  const { runId } = await make(runtime, source, { stepId: "end" });
  await probe.until(runId, "waiting_for_signal");
  await signal(runtime, runId, "end");
  await probe.until(runId, "completed");
  expect(calls).toEqual(["place x"]);
});

test("all of these histories are re-driven to what was recorded", async () => {
  const { runs, differing } = await redriveAll(database.pool, CATALOG);
  expect(runs).toBeGreaterThan(5);
  expect(differing).toEqual({});
});
