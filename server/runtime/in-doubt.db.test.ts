import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import type { JsonObject } from "../../core/json.ts";
import { createTestDatabase, type TestDatabase } from "../database/test-database.ts";
import type { BuiltinModule } from "./builtins/builtin.ts";
import { InvocationError } from "./invokers/invoker.ts";
import type { Runtime } from "./runtime.ts";
import { inlineCatalog } from "./testing/inline-catalog.ts";
import { INLINE_TENANT, startInlineRun, startInlineRuntime } from "./testing/inline-runtime.ts";
import { ADA, answerQuestion, lastQuestion } from "./testing/questions.ts";
import { redriveAll } from "./testing/redrive-all.ts";
import { RunProbe } from "./testing/run-probe.ts";

/** What becomes of calls of which nobody knows whether they happened: status probe, the same key again, people. */

let database: TestDatabase;
let probe: RunProbe;
beforeAll(async () => {
  database = await createTestDatabase();
  probe = new RunProbe(database);
  return database.drop;
});

/** The provider's own log and state: what it was sent, what it says of a key, and whether its answers arrive. */
const provider = { sent: [] as string[], asked: 0, status: "unknown", isLost: true, dies: false };
let runtime: Runtime;
beforeEach(async () => {
  Object.assign(provider, { sent: [], asked: 0, status: "unknown", isLost: true, dies: false });
  runtime = await start();
});
afterEach(() => runtime.stop());

function lose(): never {
  throw new InvocationError("upstream_timeout", "The provider did not answer.", {
    possiblySent: true,
    isServiceFault: false,
  });
}

const act: BuiltinModule[string] = ({ value }, { idempotencyKey = "" }) => {
  provider.sent.push(idempotencyKey);
  if (provider.isLost) lose();
  return { value: `${typeof value === "string" ? value : ""} done` };
};
const FUNCTIONS: BuiltinModule = {
  "test.value.probed": act,
  "test.value.honoured": act,
  "test.value.dumb": act,
  "test.value.confirmed": act,
  "test.value.slow": () => sleep(60_000).then(() => ({ value: "late" })),
  "test.value.failing": () => {
    throw new InvocationError("upstream_failure", "It is broken.", {
      possiblySent: false,
      isServiceFault: false,
    });
  },
  status: ({ key }) => {
    provider.asked += 1;
    if (provider.status === "silent") return new Promise(() => {});
    const isKnown = provider.sent.some((sent) => sent === key);
    return { state: isKnown ? provider.status : "never heard of it", result: { value: "found" } };
  },
};
const STATUS_PROBE: JsonObject = {
  operation: "status",
  timeout_seconds: 0.3,
  request: { key: "effect.idempotency_key" },
  status: "response.state",
  happened: ["done"],
  not_happened: ["none"],
  response: { value: "response.result.value" },
};
const step = (id: string, name: string, more: JsonObject = {}) => ({
  id,
  uses: `test.value.${name}`,
  input: { value: "inputs.value" },
  output: { value: `outputs.${id}` },
  ...more,
});
const skill = (id: string, steps: object[], more: object = {}) => ({
  id: `test.${id}`,
  version: "1.0.0",
  name: id,
  description: id,
  inputs: { value: { type: "string" }, items: { type: "array" } },
  steps,
  ...more,
});
const apart = { config: { depends_on: [] } };
const CATALOG = inlineCatalog({
  capabilities: ["probed", "honoured", "dumb", "confirmed", "slow", "failing"].map((name) => ({
    id: `test.value.${name}`,
    effect: "write",
    outputs: ["value"],
    requiresConfirmation: name === "confirmed",
    providerIdempotency: name === "honoured",
    ...(name === "probed" ? { statusProbe: STATUS_PROBE } : {}),
  })),
  skills: [
    skill("probed", [step("act", "probed")]),
    skill("honoured", [step("act", "honoured")]),
    skill("dumb", [step("act", "dumb")]),
    skill("confirmed", [step("act", "confirmed")]),
    skill("loop", [
      {
        ...step("act", "dumb"),
        input: { value: "item" },
        config: { foreach: { items: "inputs.items" } },
      },
    ]),
    skill("beside", [
      step("act", "dumb", apart),
      step("bad", "failing", { config: { depends_on: [], timeout_seconds: 5 } }),
    ]),
    skill("short", [step("act", "dumb")], { config: { timeout_seconds: 2 } }),
  ],
});

function start(): Promise<Runtime> {
  return startInlineRuntime({
    pool: database.pool,
    connectionString: database.connectionString,
    catalog: CATALOG,
    functions: FUNCTIONS,
  });
}

async function run(name: string): Promise<string> {
  const { runId } = await startInlineRun(runtime, `test.${name}`, {
    value: "x",
    items: ["a", "b"],
  });
  return runId;
}

const questionOf = (runId: string) => lastQuestion(probe, runId);

async function answer(runId: string, change: JsonObject | null, comment?: string): Promise<void> {
  await answerQuestion(runtime, runId, await questionOf(runId), change, comment);
}

async function ledger(runId: string) {
  const { rows } = await database.pool.query<{ status: string; attempts: number }>(
    "SELECT status, attempts, approval_id FROM effects WHERE run_id = $1 ORDER BY sequence",
    [runId],
  );
  return rows;
}

async function resolve(effectId: string, said: JsonObject & { outcome: "happened" }) {
  await runtime.command({
    tenantId: INLINE_TENANT,
    runId: `run_${effectId.split("_")[1] ?? ""}`,
    actor: ADA.actor,
    kind: "resolve",
    payload: { effect_id: effectId, approver: ADA, ...said },
  });
}

async function effectOf(runId: string): Promise<string> {
  const events = await probe.events(runId);
  const found = events.find(({ event_type: type }) => type === "side_effect.attempted");
  return z.string().parse(found?.payload["effect_id"]);
}

describe("the status probe", () => {
  test("that knows the call completes the step with what the provider says", async () => {
    provider.status = "done";
    const runId = await run("probed");
    expect(await probe.untilEnded(runId)).toMatchObject({
      status: "completed",
      outputs: { act: "found" },
    });
    expect(provider.sent).toHaveLength(1);
    expect(await ledger(runId)).toMatchObject([{ status: "recorded", attempts: 1 }]);
    const events = await probe.events(runId);
    expect(events.filter(({ event_type: type }) => type === "side_effect.resolved")).toMatchObject([
      { payload: { resolution: "happened", by: "status_probe", output: { value: "found" } } },
    ]);
  });

  test("that says that nothing happened lets the call be made again, a few times", async () => {
    provider.status = "none";
    const runId = await run("probed");
    expect(await probe.untilEnded(runId)).toMatchObject({
      status: "failed",
      error: { code: "upstream_timeout" },
    });
    expect(provider.sent).toHaveLength(3);
    expect(new Set(provider.sent).size).toBe(1);
    expect(await ledger(runId)).toMatchObject([{ status: "failed", attempts: 3 }]);
  });

  test.each(["pending", "silent"])("that is %s is asked again, then people are", async (status) => {
    provider.status = status;
    const runId = await run("probed");
    await probe.until(runId, "waiting_for_human");
    expect(provider.asked).toBe(3);
    expect(provider.sent).toHaveLength(1);
    const { kind, reason } = await questionOf(runId);
    expect([kind, reason]).toEqual([
      "in_doubt",
      expect.stringContaining("Its status probe gave no answer"),
    ]);
  });

  test("is made by whoever takes the run over, if its process died meanwhile", async () => {
    provider.status = "silent";
    const runId = await run("probed");
    await expect.poll(() => provider.asked, { timeout: 15_000 }).toBe(1);
    await runtime.stop();
    provider.status = "done";
    runtime = await start();
    expect(await probe.untilEnded(runId)).toMatchObject({ outputs: { act: "found" } });
    expect(provider.sent).toHaveLength(1);
  });
});

test("a provider that honours the key is sent the call again under it when the run is resumed", async () => {
  const runId = await run("honoured");
  expect(await probe.untilEnded(runId)).toMatchObject({ status: "failed" });
  provider.isLost = false;
  await runtime.command({ tenantId: INLINE_TENANT, runId, actor: "test", kind: "resume" });
  await probe.until(runId, "completed");
  expect(provider.sent).toHaveLength(2);
  expect(new Set(provider.sent).size).toBe(1);
  expect(await ledger(runId)).toMatchObject([{ status: "recorded", attempts: 2 }]);
});

describe("people", () => {
  test("who say that it happened enter the result, which has to be one", async () => {
    const runId = await run("dumb");
    await probe.until(runId, "waiting_for_human");
    const asked = await database.pool.query("SELECT gist FROM approvals WHERE run_id = $1", [
      runId,
    ]);
    expect(asked.rows).toEqual([{ gist: "value x" }]);
    await expect(answer(runId, {})).rejects.toMatchObject({
      code: "invalid_request",
      details: { problems: [{ path: "outcome" }] },
    });
    await expect(answer(runId, { outcome: "happened" })).rejects.toMatchObject({
      details: { problems: [{ path: "result" }] },
    });
    await expect(answer(runId, { outcome: "not_happened", request: {} })).rejects.toMatchObject({
      code: "invalid_request",
    });
    await answer(runId, { outcome: "happened", result: { value: "seen there" } }, "I looked");
    expect(await probe.untilEnded(runId)).toMatchObject({
      status: "completed",
      outputs: { act: "seen there" },
    });
    expect(provider.sent).toHaveLength(1);
    expect(await ledger(runId)).toMatchObject([{ status: "recorded" }]);
    const resolved = (await probe.events(runId)).filter(
      ({ event_type: type }) => type === "side_effect.resolved",
    );
    expect(resolved).toMatchObject([
      { actor: "usr_ada", payload: { resolution: "happened", by: "person", comment: "I looked" } },
    ]);
  });

  test("who say that it did not happen have it made, in the same record", async () => {
    const runId = await run("dumb");
    await probe.until(runId, "waiting_for_human");
    provider.isLost = false;
    await answer(runId, { outcome: "not_happened" });
    expect(await probe.untilEnded(runId)).toMatchObject({ outputs: { act: "x done" } });
    expect(provider.sent).toHaveLength(2);
    expect(await ledger(runId)).toMatchObject([{ status: "recorded", attempts: 2 }]);
  });

  test("who stop it end the step, and the effect stays in doubt until somebody knows", async () => {
    const runId = await run("dumb");
    await probe.until(runId, "waiting_for_human");
    await expect(answer(runId, null)).rejects.toMatchObject({ code: "invalid_request" });
    await answer(runId, null, "ask the bank");
    expect(await probe.untilEnded(runId)).toMatchObject({
      status: "failed",
      error: { code: "effect_in_doubt", message: expect.stringContaining("ask the bank") },
    });
    expect(await ledger(runId)).toMatchObject([{ status: "in_doubt" }]);
    const effectId = await effectOf(runId);
    const { rows: before } = await database.pool.query(
      "SELECT finished_at FROM runs WHERE run_id = $1",
      [runId],
    );
    await resolve(effectId, { outcome: "happened", result: { value: "paid" } });
    await expect(resolve(effectId, { outcome: "happened" })).rejects.toMatchObject({
      code: "invalid_transition",
    });
    expect(await ledger(runId)).toMatchObject([{ status: "recorded" }]);
    const { rows } = await database.pool.query("SELECT finished_at FROM runs WHERE run_id = $1", [
      runId,
    ]);
    expect(rows).toEqual(before);
    await runtime.command({ tenantId: INLINE_TENANT, runId, actor: "test", kind: "resume" });
    await probe.until(runId, "completed");
    expect(await probe.row(runId)).toMatchObject({ outputs: { act: "paid" } });
    expect(provider.sent).toHaveLength(1);
  });

  test("are asked about each occurrence, and a wrong result of one is refused by its path", async () => {
    const runId = await run("loop");
    await probe.until(runId, "waiting_for_human");
    await answer(runId, { outcome: "happened", result: { value: "one" } });
    await expect
      .poll(async () => (await questionOf(runId)).occurrence, { timeout: 15_000 })
      .toBe("1");
    await answer(runId, { outcome: "happened", result: { value: "two" } });
    expect(await probe.untilEnded(runId)).toMatchObject({ outputs: { act: ["one", "two"] } });
  });

  test("who confirmed the call do not confirm it again after they said that it did not happen", async () => {
    const runId = await run("confirmed");
    await probe.until(runId, "waiting_for_human");
    await answer(runId, {});
    await expect
      .poll(async () => (await questionOf(runId)).kind, { timeout: 15_000 })
      .toBe("in_doubt");
    await probe.until(runId, "waiting_for_human");
    provider.isLost = false;
    await answer(runId, { outcome: "not_happened" });
    expect(await probe.untilEnded(runId)).toMatchObject({ status: "completed" });
    const asked = (await probe.typesOf(runId)).filter((type) => type === "approval.requested");
    expect(asked).toHaveLength(2);
    const [row] = await ledger(runId);
    expect(row).toMatchObject({ approval_id: expect.stringMatching(/^apr_/) });
  });

  test("are not asked any more where another step fails the run, or its time is up", async () => {
    const beside = await run("beside");
    expect(await probe.untilEnded(beside)).toMatchObject({ status: "failed" });
    const short = await run("short");
    expect(await probe.untilEnded(short)).toMatchObject({ error: { code: "step_timeout" } });
    for (const runId of [beside, short]) {
      const rows = await ledger(runId);
      expect(rows.some(({ status }) => status === "in_doubt")).toBe(true);
      const { rows: open } = await database.pool.query(
        "SELECT 1 FROM approvals WHERE run_id = $1 AND status = 'pending'",
        [runId],
      );
      expect(open).toEqual([]);
    }
  });
});

test("a replay asks about a call of its source, and what people say corrects the source's record", async () => {
  const source = await run("dumb");
  await probe.until(source, "waiting_for_human");
  await answer(source, null, "later");
  await probe.untilEnded(source);
  const replay = await runtime.replayRun({
    tenantId: INLINE_TENANT,
    sourceRunId: source,
    through: 0,
    checkpointId: null,
    inputs: null,
    version: null,
    environment: null,
    isHeld: false,
    actor: "test",
  });
  await probe.until(replay.runId, "waiting_for_human");
  expect(await questionOf(replay.runId)).toMatchObject({
    kind: "in_doubt",
    payload: { effect_id: await effectOf(source) },
  });
  await answer(replay.runId, { outcome: "happened", result: { value: "it had" } });
  expect(await probe.untilEnded(replay.runId)).toMatchObject({ outputs: { act: "it had" } });
  expect(await ledger(source)).toMatchObject([{ status: "recorded" }]);
  expect(await ledger(replay.runId)).toMatchObject([{ status: "reused" }]);
  expect(provider.sent).toHaveLength(1);
});

test("all of these histories are re-driven to what was recorded", async () => {
  const { runs, differing } = await redriveAll(database.pool, CATALOG);
  expect(runs).toBeGreaterThan(5);
  expect(differing).toEqual({});
});
