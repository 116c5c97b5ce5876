import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DomainError } from "../../core/errors.ts";
import type { JsonObject } from "../../core/json.ts";
import type { RunStatus } from "../../core/run.ts";
import { createTestDatabase, type TestDatabase } from "../database/test-database.ts";
import type { BuiltinModule } from "./builtins/builtin.ts";
import type { Runtime } from "./runtime.ts";
import { inlineCatalog, type InlineCapability } from "./testing/inline-catalog.ts";
import { INLINE_TENANT, startInlineRun, startInlineRuntime } from "./testing/inline-runtime.ts";
import { RunProbe } from "./testing/run-probe.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  return database.drop;
});

const runtimes: Runtime[] = [];
afterAll(async () => {
  for (const runtime of runtimes) await runtime.stop();
});

const calls: string[] = [];
const FUNCTIONS: BuiltinModule = {
  "text.value.echo": ({ value }) => ({ value: value ?? null }),
  "text.value.upper": ({ value }) => ({
    value: typeof value === "string" ? value.toUpperCase() : null,
  }),
  "text.value.count": ({ value }) => ({ value: Number(value ?? 0) + 1 }),
  "text.value.fail": () => {
    throw new DomainError("upstream_failure", "The service is down.");
  },
  "text.value.slow": async ({ value }, context) => {
    await new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, Number(value));
      context.signal.addEventListener("abort", () => {
        clearTimeout(timer);
        reject(new DomainError("runtime_error", "aborted"));
      });
    });
    return { value: value ?? null };
  },
  "text.value.write": ({ value }, context) => {
    calls.push(context.idempotencyKey ?? "none");
    return { value: value ?? null };
  },
};
const CAPABILITIES: InlineCapability[] = Object.keys(FUNCTIONS).map((id) => ({
  id,
  outputs: ["value"],
  effect: id === "text.value.write" ? "write" : "none",
}));

type Step = {
  id: string;
  uses: string;
  input?: JsonObject;
  output?: Record<string, string>;
  config?: object;
};

function skill(id: string, steps: Step[], more: object = {}): object {
  return { id, version: "1.0.0", name: id, description: id, steps, ...more };
}

async function runtimeWith(...skills: object[]): Promise<Runtime> {
  const runtime = await startInlineRuntime({
    pool: database.pool,
    connectionString: database.connectionString,
    catalog: inlineCatalog({ capabilities: CAPABILITIES, skills }),
    functions: FUNCTIONS,
  });
  runtimes.push(runtime);
  return runtime;
}

let probe: RunProbe;
beforeAll(() => {
  probe = new RunProbe(database);
});
const row = (runId: string) => probe.row(runId);
const until = (runId: string, statuses: RunStatus[]) => probe.until(runId, ...statuses);
const ENDED: RunStatus[] = ["completed", "failed", "canceled"];
const events = (runId: string) => probe.events(runId);
const typesOf = (runId: string) => probe.typesOf(runId);

describe("a run", () => {
  test("executes its steps in order, keeps outputs, and its events are gapless", async () => {
    const runtime = await runtimeWith(
      skill(
        "test.chain",
        [
          {
            id: "a",
            uses: "text.value.echo",
            input: { value: "inputs.value" },
            output: { value: "vars.a" },
          },
          {
            id: "b",
            uses: "text.value.upper",
            input: { value: "vars.a" },
            output: { value: "outputs.b" },
          },
        ],
        {
          inputs: { value: { type: "string", required: true } },
          outputs: { b: { type: "string", required: true } },
        },
      ),
    );
    const { runId } = await startInlineRun(runtime, "test.chain", { value: "hi" });
    const ended = await until(runId, ENDED);
    expect(ended).toMatchObject({ status: "completed", outputs: { b: "HI" }, error: null });
    const history = await events(runId);
    expect(history.map((event) => event.sequence)).toEqual(history.map((_, index) => index + 1));
    expect(history.at(-1)?.event_type).toBe("checkpoint.saved");
    expect(ended.head_sequence).toBe(history.length);
  });

  test("is refused with every wrong input named", async () => {
    const runtime = await runtimeWith(
      skill("test.inputs", [{ id: "a", uses: "text.value.echo" }], {
        inputs: { a: { type: "string", required: true }, b: { type: "integer" } },
      }),
    );
    await expect(startInlineRun(runtime, "test.inputs", { b: "x" })).rejects.toMatchObject({
      code: "invalid_request",
      message: "Input of test.inputs is not valid: a is missing (and 1 more).",
      details: { problems: [{ path: "a" }, { path: "b" }] },
    });
  });

  test("fails with the failing step's error, and canceled siblings say so", async () => {
    const runtime = await runtimeWith(
      skill("test.fails", [
        {
          id: "slow",
          uses: "text.value.slow",
          input: { value: 60_000 },
          config: { depends_on: [] },
        },
        { id: "bad", uses: "text.value.fail", config: { depends_on: [] } },
        { id: "after", uses: "text.value.echo", config: { depends_on: ["slow"] } },
      ]),
    );
    const { runId } = await startInlineRun(runtime, "test.fails");
    const ended = await until(runId, ENDED);
    expect(ended).toMatchObject({ status: "failed", error: { code: "upstream_failure" } });
    expect(await typesOf(runId)).toContain("step.canceled");
  });

  test("with fail_fast false finishes independent branches, skips dependants, and keeps partial outputs", async () => {
    const runtime = await runtimeWith(
      skill(
        "test.partial",
        [
          { id: "bad", uses: "text.value.fail", config: { depends_on: [] } },
          { id: "after_bad", uses: "text.value.echo", config: { depends_on: ["bad"] } },
          {
            id: "good",
            uses: "text.value.echo",
            input: { value: 1 },
            output: { value: "outputs.good" },
            config: { depends_on: [] },
          },
        ],
        { config: { fail_fast: false } },
      ),
    );
    const { runId } = await startInlineRun(runtime, "test.partial");
    expect(await until(runId, ENDED)).toMatchObject({ status: "failed", outputs: { good: 1 } });
    expect(await typesOf(runId)).toContain("step.skipped");
  });

  test("retries by its rule and then succeeds or fails", async () => {
    let failures = 2;
    const flaky: BuiltinModule = {
      "text.value.flaky": () => {
        if (failures-- > 0) throw new DomainError("upstream_failure", "not yet");
        return { value: "ok" };
      },
    };
    const runtime = await startInlineRuntime({
      pool: database.pool,
      connectionString: database.connectionString,
      catalog: inlineCatalog({
        capabilities: [{ id: "text.value.flaky", outputs: ["value"] }],
        skills: [
          skill("test.retry", [
            {
              id: "a",
              uses: "text.value.flaky",
              output: { value: "outputs.value" },
              config: { retry: { max_attempts: 3, backoff_seconds: 0.01 } },
            },
          ]),
        ],
      }),
      functions: flaky,
    });
    runtimes.push(runtime);
    const { runId } = await startInlineRun(runtime, "test.retry");
    expect(await until(runId, ENDED)).toMatchObject({
      status: "completed",
      outputs: { value: "ok" },
    });
    const types = await typesOf(runId);
    expect(types.filter((type) => type === "step.retry_scheduled")).toHaveLength(2);
    expect(types.filter((type) => type === "step.started")).toHaveLength(3);
  });

  test("maps over a list with bounded concurrency and keeps input order", async () => {
    const runtime = await runtimeWith(
      skill(
        "test.map",
        [
          {
            id: "each",
            uses: "text.value.upper",
            input: { value: "item.name" },
            output: { value: "outputs.names" },
            config: { foreach: { items: "inputs.people", concurrency: 3 } },
          },
        ],
        { inputs: { people: { type: "array", required: true } } },
      ),
    );
    const people = Array.from({ length: 25 }, (_, index) => ({ name: `p${index}` }));
    const { runId } = await startInlineRun(runtime, "test.map", { people });
    const ended = await until(runId, ENDED);
    expect(ended).toMatchObject({
      status: "completed",
      outputs: { names: people.map(({ name }) => name.toUpperCase()) },
    });
  });

  test("repeats while its condition holds, seeing its own output", async () => {
    const runtime = await runtimeWith(
      skill("test.loop", [
        { id: "zero", uses: "text.value.echo", input: { value: 0 }, output: { value: "vars.n" } },
        {
          id: "count",
          uses: "text.value.count",
          input: { value: "vars.n" },
          output: { value: "vars.n" },
          config: {
            while: { condition: "vars.n < 5", max_iterations: 20 },
            merge_strategy: "replace",
          },
        },
        {
          id: "out",
          uses: "text.value.echo",
          input: { value: "vars.n" },
          output: { value: "outputs.n" },
        },
      ]),
    );
    const { runId } = await startInlineRun(runtime, "test.loop");
    expect(await until(runId, ENDED)).toMatchObject({ status: "completed", outputs: { n: 5 } });
  });

  test("scatters to aliases, routes by value, skips by condition, and joins", async () => {
    const runtime = await runtimeWith(
      skill(
        "test.flow",
        [
          {
            id: "both",
            uses: "text.value.echo",
            input: { value: "inputs.value" },
            output: { "plain.value": "vars.plain", "loud.value": "vars.loud" },
            config: {
              depends_on: [],
              scatter: {
                capabilities: [
                  { as: "plain", uses: "text.value.echo" },
                  { as: "loud", uses: "text.value.upper" },
                ],
              },
            },
          },
          {
            id: "route",
            uses: "text.value.echo",
            input: { value: "vars.plain" },
            output: { value: "vars.routed" },
            config: {
              depends_on: ["both"],
              router: { on: "vars.loud", cases: { HI: "text.value.upper" } },
            },
          },
          {
            id: "no",
            uses: "text.value.echo",
            config: { depends_on: ["both"], condition: "vars.loud == 'x'" },
          },
          { id: "after_no", uses: "text.value.echo", config: { depends_on: ["no"] } },
          {
            id: "end",
            uses: "text.value.echo",
            input: { value: "vars.routed" },
            output: { value: "outputs.value" },
            config: { depends_on: ["route", "after_no"] },
          },
        ],
        { inputs: { value: { type: "string", required: true } } },
      ),
    );
    const { runId } = await startInlineRun(runtime, "test.flow", { value: "hi" });
    expect(await until(runId, ENDED)).toMatchObject({
      status: "completed",
      outputs: { value: "HI" },
    });
    const skipped = (await events(runId)).filter((event) => event.event_type === "step.skipped");
    expect(skipped.map((event) => event.payload["step_id"])).toEqual(["no", "after_no"]);
  });

  test("runs a nested skill as a run of its own", async () => {
    const runtime = await runtimeWith(
      skill(
        "test.inner",
        [
          {
            id: "a",
            uses: "text.value.upper",
            input: { value: "inputs.value" },
            output: { value: "outputs.value" },
          },
        ],
        { inputs: { value: { type: "string", required: true } } },
      ),
      skill("test.outer", [
        {
          id: "call",
          uses: "skill:test.inner",
          input: { value: "deep" },
          output: { value: "outputs.value" },
        },
      ]),
    );
    const { runId } = await startInlineRun(runtime, "test.outer");
    expect(await until(runId, ENDED)).toMatchObject({
      status: "completed",
      outputs: { value: "DEEP" },
    });
    const { rows } = await database.pool.query(
      "SELECT status, lineage_root_run_id FROM runs WHERE parent_run_id = $1",
      [runId],
    );
    expect(rows).toEqual([{ status: "completed", lineage_root_run_id: runId }]);
  });

  test("stops a skill that nests without end", async () => {
    const runtime = await runtimeWith(
      skill("test.self", [{ id: "again", uses: "skill:test.self" }]),
    );
    const { runId } = await startInlineRun(runtime, "test.self");
    const ended = await until(runId, ENDED);
    expect(ended.status).toBe("failed");
    expect(ended.error?.message).toContain("Skills may nest 10 deep");
  });

  test("waits for a matching signal, wherever it arrives, and takes it once", async () => {
    const runtime = await runtimeWith(
      skill("test.signal", [
        {
          id: "wait",
          uses: "wait.signal",
          input: { name: "paid" },
          output: { payload: "outputs.payment" },
          config: { match: "signal.payload.amount > 10" },
        },
      ]),
    );
    const { runId } = await startInlineRun(runtime, "test.signal");
    await until(runId, ["waiting_for_signal"]);
    const send = (signalId: string, amount: number) =>
      runtime.command({
        tenantId: INLINE_TENANT,
        runId,
        actor: "test",
        kind: "signal",
        signalId,
        name: "paid",
        payload: { amount },
      });
    await send("s1", 5);
    expect((await row(runId)).status).toBe("waiting_for_signal");
    await send("s2", 50);
    await send("s2", 50).catch(() => undefined);
    expect(await until(runId, ENDED)).toMatchObject({
      status: "completed",
      outputs: { payment: { amount: 50 } },
    });
    const received = (await typesOf(runId)).filter((type) => type === "signal.received");
    expect(received).toHaveLength(2);
  });

  test("sleeps for a durable timer", async () => {
    const runtime = await runtimeWith(
      skill("test.timer", [{ id: "nap", uses: "wait.timer", input: { duration_seconds: 0.2 } }]),
    );
    const { runId } = await startInlineRun(runtime, "test.timer");
    await until(runId, ["waiting_for_signal"]);
    await until(runId, ["completed"]);
    expect(await typesOf(runId)).toEqual(
      expect.arrayContaining(["timer.scheduled", "timer.fired"]),
    );
  });

  test("times a slow step out and says so", async () => {
    const runtime = await runtimeWith(
      skill("test.timeout", [
        {
          id: "slow",
          uses: "text.value.slow",
          input: { value: 60_000 },
          config: { timeout_seconds: 0.05 },
        },
      ]),
    );
    const { runId } = await startInlineRun(runtime, "test.timeout");
    expect(await until(runId, ENDED)).toMatchObject({
      status: "failed",
      error: { code: "step_timeout" },
    });
  });

  test("pauses, resumes and cancels; a second cancel is an invalid transition", async () => {
    const runtime = await runtimeWith(
      skill("test.pause", [
        { id: "slow", uses: "text.value.slow", input: { value: 300 } },
        { id: "slower", uses: "text.value.slow", input: { value: 60_000 } },
      ]),
    );
    const { runId } = await startInlineRun(runtime, "test.pause");
    const command = (kind: "pause" | "resume" | "cancel") =>
      runtime.command({ tenantId: INLINE_TENANT, runId, actor: "test", kind, reason: "because" });
    await command("pause");
    expect((await row(runId)).status).toBe("paused");
    await expect(command("pause")).rejects.toMatchObject({ code: "invalid_transition" });
    await command("resume");
    expect((await row(runId)).status).toBe("running");
    await command("cancel");
    expect((await row(runId)).status).toBe("canceled");
    await expect(command("cancel")).rejects.toMatchObject({
      code: "invalid_transition",
      details: { from: "canceled" },
    });
  });

  test("records a write in the ledger before it is called, once, under its key", async () => {
    const runtime = await runtimeWith(
      skill("test.write", [
        {
          id: "w",
          uses: "text.value.write",
          input: { value: 1 },
          output: { value: "outputs.value" },
        },
      ]),
    );
    calls.length = 0;
    const { runId } = await startInlineRun(runtime, "test.write");
    await until(runId, ["completed"]);
    const { rows } = await database.pool.query(
      "SELECT idempotency_key, status, attempts, effect_class FROM effects WHERE run_id = $1",
      [runId],
    );
    expect(rows).toEqual([
      { idempotency_key: calls[0], status: "recorded", attempts: 1, effect_class: "write" },
    ]);
    const types = await typesOf(runId);
    expect(types.indexOf("side_effect.attempted")).toBeLessThan(
      types.indexOf("side_effect.recorded"),
    );
    expect(types.indexOf("side_effect.recorded")).toBeLessThan(types.indexOf("step.completed"));
  });

  test("of another tenant is not found", async () => {
    const runtime = await runtimeWith(skill("test.one", [{ id: "a", uses: "text.value.echo" }]));
    const { runId } = await startInlineRun(runtime, "test.one");
    await expect(
      runtime.command({ tenantId: "tnt_other", runId, actor: "test", kind: "cancel" }),
    ).rejects.toMatchObject({ code: "run_not_found" });
  });
});
