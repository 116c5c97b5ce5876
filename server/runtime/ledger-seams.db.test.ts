import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import type { Json, JsonObject } from "../../core/json.ts";
import { createTestDatabase, type TestDatabase } from "../database/test-database.ts";
import type { BuiltinModule } from "./builtins/builtin.ts";
import { InvocationError } from "./invokers/invoker.ts";
import type { ReplayRunRequest, Runtime } from "./runtime.ts";
import { inlineCatalog, type InlineCapability } from "./testing/inline-catalog.ts";
import { inlinePlanner, replayWish } from "./testing/inline-planner.ts";
import { INLINE_TENANT, startInlineRun, startInlineRuntime } from "./testing/inline-runtime.ts";
import { answerQuestion, lastQuestion } from "./testing/questions.ts";
import { RunProbe } from "./testing/run-probe.ts";

/** Where ledger, replay, doubt, gates and undoing meet. */

let database: TestDatabase;
let probe: RunProbe;
beforeAll(async () => {
  database = await createTestDatabase();
  probe = new RunProbe(database);
  return database.drop;
});

const text = (value: Json | undefined) => (typeof value === "string" ? value : "");

/** What the provider saw, and how it answers. */
const outside = {
  calls: [] as string[],
  mood: "well" as "well" | "away" | "silent",
  undoing: [] as boolean[],
};
const act: BuiltinModule[string] = ({ value }) => {
  if (outside.mood === "away") {
    throw new InvocationError("upstream_failure", "It is away.", {
      possiblySent: false,
      isServiceFault: false,
    });
  }
  outside.calls.push(`do ${text(value)}`);
  if (outside.mood === "silent") {
    throw new InvocationError("upstream_timeout", "No answer.", {
      possiblySent: true,
      isServiceFault: false,
    });
  }
  return { value: `${text(value)} ${outside.calls.length}` };
};
const undo: BuiltinModule[string] = ({ value }) => {
  if (outside.undoing.shift() === false) {
    throw new InvocationError("upstream_failure", "It is away.", {
      possiblySent: false,
      isServiceFault: false,
    });
  }
  outside.calls.push(`undo ${text(value)}`);
  return { value: value ?? null };
};
const doubt: BuiltinModule[string] = () => {
  throw new InvocationError("upstream_timeout", "No answer.", {
    possiblySent: true,
    isServiceFault: false,
  });
};
const FUNCTIONS: BuiltinModule = {
  "test.act.plain": act,
  "test.act.again": act,
  "test.act.honoured": act,
  "test.act.checked": act,
  "test.act.hushed": act,
  "test.act.shy": act,
  "test.act.doubtful": doubt,
  "test.act.read": act,
  "test.undo.plain": undo,
  "test.undo.asked": undo,
  "test.undo.gated": undo,
  "test.undo.refused": undo,
  "test.undo.judged": undo,
  "test.act.low": act,
  "test.act.loud": act,
  "test.gate.never": () => ({ allowed: false }),
};
const never = (onFail: string) => ({ capability: "test.gate.never", on_fail: onFail, input: {} });
const undoneBy = (capability: string) => ({
  compensation: { capability, input: { value: "inputs.value" } },
});
const acting = (id: string, more: Partial<InlineCapability> = {}): InlineCapability => ({
  id,
  effect: "write",
  outputs: ["value"],
  ...more,
});
const CAPABILITIES = [
  acting("test.act.plain", undoneBy("test.undo.plain")),
  acting("test.act.again", { ...undoneBy("test.undo.plain"), replayPolicy: "reexecute" }),
  acting("test.act.honoured", { providerIdempotency: true }),
  acting("test.act.checked", {
    safety: { trust_level: "standard", mandatory_post_gates: [never("block")] },
    providerIdempotency: true,
  }),
  acting("test.act.hushed", undoneBy("test.undo.gated")),
  acting("test.act.shy", undoneBy("test.undo.asked")),
  acting("test.act.doubtful"),
  acting("test.act.loud", undoneBy("test.undo.refused")),
  acting("test.act.low", undoneBy("test.undo.judged")),
  acting("test.undo.judged", {
    safety: { trust_level: "standard", mandatory_post_gates: [never("require_human")] },
  }),
  acting("test.undo.refused", {
    safety: { trust_level: "standard", mandatory_post_gates: [never("block")] },
  }),
  acting("test.undo.plain"),
  acting("test.undo.asked", {
    safety: {
      trust_level: "standard",
      requires_confirmation: true,
      approval: { timeout_seconds: 0.2 },
    },
  }),
  acting("test.undo.gated", {
    safety: { trust_level: "standard", mandatory_pre_gates: [never("degrade")] },
  }),
  { id: "test.gate.never", outputs: ["allowed"] },
  { id: "test.act.read", outputs: ["value"] },
];
const step = (id: string, name: string, config: object = {}) => ({
  id,
  uses: `test.act.${name}`,
  input: { value: "inputs.value" },
  output: { value: `outputs.${id}` },
  config,
});
const wait = { id: "wait", uses: "wait.signal", input: { name: "go" } };
const SKILLS: Record<string, { steps: object[]; config?: object }> = {
  plain: { steps: [step("a", "plain")] },
  retried: { steps: [step("a", "plain", { retry: { max_attempts: 5, backoff_seconds: 1 } })] },
  honoured: { steps: [step("a", "honoured")] },
  checked: { steps: [step("a", "checked")] },
  hushed: { steps: [step("a", "hushed"), wait] },
  low: { steps: [step("a", "low"), wait] },
  loud: { steps: [step("a", "loud"), wait] },
  shy: { steps: [step("a", "shy"), wait] },
  waiting: { steps: [step("a", "plain"), wait] },
  two: {
    steps: [step("a", "plain"), step("b", "plain"), wait],
    config: { compensation: { retry: { max_attempts: 5, backoff_seconds: 2 } } },
  },
  repeated: { steps: [step("a", "again"), wait] },
  reading: { steps: [step("a", "read"), step("b", "read")] },
  inner: {
    steps: [
      step("d", "doubtful", { depends_on: [] }),
      { ...wait, config: { depends_on: [] } },
      step("a", "plain", { depends_on: ["wait"] }),
    ],
    config: { fail_fast: false },
  },
  outer: {
    steps: [{ id: "nest", uses: "skill:test.inner" }],
    config: { compensation: { on_failure: true } },
  },
};

const skill = (name: string, version: string, steps: object[], config: object = {}) => ({
  id: `test.${name}`,
  version,
  name,
  description: name,
  inputs: { value: {} },
  steps,
  config,
});
const CATALOG = inlineCatalog({
  capabilities: CAPABILITIES,
  skills: [
    ...Object.entries(SKILLS).map(([name, { steps, config = {} }]) =>
      skill(name, "1.0.0", steps, config),
    ),
    skill("waiting", "2.0.0", [step("b", "plain"), wait]),
  ],
});

let runtime: Runtime;
beforeEach(async () => {
  Object.assign(outside, { calls: [], mood: "well", undoing: [] });
  runtime = await start();
});
afterEach(() => runtime.stop());

function start(): Promise<Runtime> {
  return startInlineRuntime({
    pool: database.pool,
    connectionString: database.connectionString,
    catalog: CATALOG,
    functions: FUNCTIONS,
  });
}

async function run(name: string): Promise<string> {
  const { runId } = await startInlineRun(
    runtime,
    `test.${name}`,
    { value: "x" },
    { version: "1.0.0" },
  );
  return runId;
}

async function replay(sourceRunId: string, more: Partial<ReplayRunRequest> = {}): Promise<string> {
  const { runId } = await runtime.replayRun({
    tenantId: INLINE_TENANT,
    sourceRunId,
    through: 0,
    checkpointId: null,
    inputs: null,
    version: null,
    environment: null,
    isHeld: false,
    actor: "test",
    ...more,
  });
  return runId;
}

const resume = (runId: string) =>
  runtime.command({ tenantId: INLINE_TENANT, runId, actor: "test", kind: "resume", reason: "go" });
const cancel = (runId: string) =>
  runtime.command({ tenantId: INLINE_TENANT, runId, actor: "t", kind: "cancel", compensate: true });

async function ledger(runId: string): Promise<JsonObject[]> {
  const { rows } = await database.pool.query<JsonObject>(
    `SELECT status, attempts, result_sequence IS NOT NULL AS has_result, response_hash IS NOT NULL AS has_hash
     FROM effects WHERE run_id = $1 ORDER BY sequence`,
    [runId],
  );
  return rows;
}

test("a call that failed is looked up again before it is retried: a replay may have made it", async () => {
  outside.mood = "away";
  const source = await run("retried");
  await expect
    .poll(() => probe.typesOf(source), { timeout: 10_000 })
    .toContain("step.retry_scheduled");
  outside.mood = "well";
  const other = await replay(source);
  expect(await probe.untilEnded(other)).toMatchObject({ status: "completed" });
  expect(await probe.untilEnded(source)).toMatchObject({ outputs: { a: "x 1" } });
  expect(outside.calls).toEqual(["do x"]);
});

test("what a post-gate refused is asked about once when its run is resumed, and not called again", async () => {
  const runId = await run("checked");
  expect(await probe.untilEnded(runId)).toMatchObject({ error: { code: "gate_denied" } });
  await resume(runId);
  await probe.until(runId, "waiting_for_human");
  expect(outside.calls).toEqual(["do x"]);
  await answerQuestion(runtime, runId, await lastQuestion(probe, runId), {
    outcome: "happened",
    result: { value: "seen" },
  });
  expect(await probe.untilEnded(runId)).toMatchObject({ outputs: { a: "seen" } });
  expect(outside.calls).toEqual(["do x"]);
});

test("a call in doubt that is sent again and not even leaves stays in doubt", async () => {
  outside.mood = "silent";
  const runId = await run("honoured");
  await probe.untilEnded(runId);
  expect(await ledger(runId)).toMatchObject([{ status: "in_doubt" }]);
  outside.mood = "away";
  await resume(runId);
  await expect
    .poll(async () => (await probe.typesOf(runId)).filter((type) => type === "run.failed").length, {
      timeout: 10_000,
    })
    .toBe(2);
  expect(await ledger(runId)).toMatchObject([{ status: "in_doubt", attempts: 2 }]);
});

test("what its parent has undone stays undone when a nested run's doubt is settled later", async () => {
  const runId = await run("outer");
  const child = await childOf(runId);
  await probe.until(child, "waiting_for_human");
  await answerQuestion(runtime, child, await lastQuestion(probe, child), null, "stop it");
  await runtime.command({
    tenantId: INLINE_TENANT,
    runId: child,
    actor: "test",
    kind: "signal",
    signalId: "sig_1",
    name: "go",
    payload: null,
  });
  await probe.untilEnded(runId);
  expect(await ledger(child)).toMatchObject([{ status: "in_doubt" }, { status: "compensated" }]);
  const events = await probe.events(child);
  const asked = events.find(({ event_type: type }) => type === "side_effect.in_doubt");
  const { effect_id: effectId } = z.object({ effect_id: z.string() }).parse(asked?.payload);
  await runtime.command({
    tenantId: INLINE_TENANT,
    runId: child,
    actor: "usr_ada",
    kind: "resolve",
    payload: {
      effect_id: effectId,
      outcome: "not_happened",
      approver: { actor: "usr_ada", name: "Ada", ids: [], roles: ["approver"], groups: [] },
    },
  });
  expect(await ledger(child)).toMatchObject([{ status: "failed" }, { status: "compensated" }]);
});

async function childOf(runId: string): Promise<string> {
  let found = "";
  await expect
    .poll(
      async () => {
        const { rows } = await database.pool.query<{ run_id: string }>(
          "SELECT run_id FROM runs WHERE parent_run_id = $1",
          [runId],
        );
        found = rows[0]?.run_id ?? "";
        return found;
      },
      { timeout: 10_000 },
    )
    .not.toBe("");
  return found;
}

describe("an undoing", () => {
  test("that nobody confirms in time is asked about again", async () => {
    const runId = await run("shy");
    await probe.until(runId, "waiting_for_signal");
    await cancel(runId);
    await expect
      .poll(
        async () =>
          (await probe.typesOf(runId)).filter((type) => type === "approval.requested").length,
        { timeout: 10_000 },
      )
      .toBe(2);
    await answerQuestion(runtime, runId, await lastQuestion(probe, runId), {});
    expect(await probe.untilEnded(runId)).toMatchObject({ status: "canceled" });
    expect(outside.calls).toEqual(["do x", "undo x"]);
    expect(await ledger(runId)).toMatchObject([{ status: "compensated" }, { status: "recorded" }]);
  });

  test("that was called is done, whatever a gate makes of its answer", async () => {
    const runId = await run("loud");
    await probe.until(runId, "waiting_for_signal");
    await cancel(runId);
    await probe.untilEnded(runId);
    expect(outside.calls).toEqual(["do x", "undo x"]);
    expect(await ledger(runId)).toMatchObject([{ status: "compensated" }, { status: "recorded" }]);
  });

  test("that was called is done, also where people do not let its answer in", async () => {
    const runId = await run("low");
    await probe.until(runId, "waiting_for_signal");
    await cancel(runId);
    await expect
      .poll(() => probe.typesOf(runId), { timeout: 10_000 })
      .toContain("approval.requested");
    await answerQuestion(runtime, runId, await lastQuestion(probe, runId), null, "no");
    await probe.untilEnded(runId);
    expect(await ledger(runId)).toMatchObject([{ status: "compensated" }, { status: "recorded" }]);
  });

  test("that a gate keeps from being called is not taken for done", async () => {
    const runId = await run("hushed");
    await probe.until(runId, "waiting_for_signal");
    await cancel(runId);
    await expect
      .poll(() => probe.typesOf(runId), { timeout: 10_000 })
      .toContain("approval.requested");
    await answerQuestion(runtime, runId, await lastQuestion(probe, runId), null, "leave it");
    expect(await probe.untilEnded(runId)).toMatchObject({ status: "canceled" });
    expect(await ledger(runId)).toMatchObject([{ status: "recorded" }]);
  });
});

test("what stands is reused although a later call of the same place was undone", async () => {
  const source = await run("waiting");
  await probe.until(source, "waiting_for_signal");
  const again = await replay(source, { overrides: { a: "reexecute" } });
  await probe.until(again, "waiting_for_signal");
  expect(outside.calls).toEqual(["do x", "do x"]);
  await cancel(again);
  await probe.untilEnded(again);
  const third = await replay(source);
  await probe.until(third, "waiting_for_signal");
  expect(outside.calls).toEqual(["do x", "do x", "undo x"]);
});

test("what was undone keeps its receipt and hash when another process goes on undoing", async () => {
  outside.undoing = [true, false];
  const runId = await run("two");
  await probe.until(runId, "waiting_for_signal");
  const before = await ledger(runId);
  await cancel(runId);
  await expect
    .poll(() => probe.typesOf(runId), { timeout: 10_000 })
    .toContain("step.retry_scheduled");
  await runtime.stop();
  runtime = await start();
  await probe.untilEnded(runId);
  const after = await ledger(runId);
  expect(before).toEqual([
    { status: "recorded", attempts: 1, has_result: true, has_hash: true },
    { status: "recorded", attempts: 1, has_result: true, has_hash: true },
  ]);
  expect(after.slice(0, 2)).toEqual([
    { status: "compensated", attempts: 1, has_result: true, has_hash: true },
    { status: "compensated", attempts: 1, has_result: true, has_hash: true },
  ]);
});

test("a fork is resumed as its plan said, and a choice that would change nothing is none", async () => {
  const source = await run("reading");
  await probe.untilEnded(source);
  const events = await probe.events(source);
  const done = events.findIndex(({ event_type: type }) => type === "step.completed");
  const fork = await replay(source, { through: events[done + 1]?.sequence ?? 0, isHeld: true });
  const overrides = { b: "use_recorded_result" } as const;
  const plan = await inlinePlanner(database.pool, () => CATALOG).plan(
    replayWish(fork, { operation: "resume" }),
  );
  expect(plan.rows.find((row) => row.step_id === "b")?.may_become).toEqual([
    { policy: "require_human", roles: ["operator", "admin"] },
  ]);
  const planned = plan.rows.map(({ step_id: id, decision }) => [id, decision]);
  await runtime.command({
    tenantId: INLINE_TENANT,
    runId: fork,
    actor: "test",
    kind: "resume",
    overrides,
  });
  await probe.untilEnded(fork);
  const steps = (await probe.events(fork)).filter(
    ({ event_type: type }) => type === "step.completed",
  );
  const made = steps.map(({ payload }) => [
    payload["step_id"],
    payload["reused_from"] === undefined ? "run" : "reuse",
  ]);
  expect(made).toEqual(planned);
});

test("a call that stands is not made again although another branch made it again and undid that", async () => {
  const source = await run("repeated");
  await probe.until(source, "waiting_for_signal");
  const again = await replay(source);
  await probe.until(again, "waiting_for_signal");
  await cancel(again);
  await probe.untilEnded(again);
  const before = outside.calls.length;
  const through = (await probe.row(source)).head_sequence;
  await probe.until(await replay(source, { through }), "waiting_for_signal");
  expect(outside.calls.slice(before)).toEqual([]);
});

test("what was undone is done again also where its step has another name by now", async () => {
  const source = await run("waiting");
  await probe.until(source, "waiting_for_signal");
  const changes = { step_map: { a: "b", wait: "wait" }, ledger_paths: { b: "a" } };
  const renamed = await replay(source, {
    through: (await probe.row(source)).head_sequence,
    version: "2.0.0",
    changes,
  });
  await probe.until(renamed, "waiting_for_signal");
  expect(outside.calls).toEqual(["do x"]);
  await cancel(source);
  await probe.untilEnded(source);
  const through = (await probe.row(renamed)).head_sequence;
  const later = await replay(renamed, {
    through,
    changes: { ledger_paths: { b: "a" } },
  });
  await probe.until(later, "waiting_for_signal");
  expect(outside.calls).toEqual(["do x", "undo x", "do x"]);
});
