import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../core/json.ts";
import { createTestDatabase, type TestDatabase } from "../database/test-database.ts";
import type { BuiltinModule } from "./builtins/builtin.ts";
import type { ReplayWish } from "./replay-wish.ts";
import type { Runtime } from "./runtime.ts";
import { inlineCatalog } from "./testing/inline-catalog.ts";
import { inlinePlanner, replayWish } from "./testing/inline-planner.ts";
import { INLINE_TENANT, startInlineRun, startInlineRuntime } from "./testing/inline-runtime.ts";
import { RunProbe } from "./testing/run-probe.ts";

/** Replays that differ from their source: by choices for steps, other versions, variables, bindings. */

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
beforeEach(() => {
  calls = [];
});

const say = (name: string) => (input: JsonObject) => {
  calls.push(`${name} ${JSON.stringify(input["value"] ?? null)}`);
  return { value: input["value"] ?? null };
};
const FUNCTIONS: BuiltinModule = {
  "test.value.read": say("read"),
  "test.value.look": say("look"),
  "test.value.write": say("write"),
  "test.value.other_look": say("other_look"),
  "test.mail.send": say("send"),
  "test.value.grave": say("grave"),
};

type StepDocument = { id: string; uses: string; from: string; config?: JsonObject };

const step = ({ id, uses, from, config = {} }: StepDocument) => ({
  id,
  uses: uses.includes(".") || uses.startsWith("skill:") ? uses : `test.value.${uses}`,
  input: { value: from },
  output: { value: id === "last" ? "outputs.value" : `vars.${id}` },
  config,
});
const skill = (id: string, version: string, steps: StepDocument[], inputs: JsonObject = {}) => ({
  id: `test.${id}`,
  version,
  name: id,
  description: id,
  inputs: { value: { type: "string" }, ...inputs },
  steps: steps.map(step),
});

const a: StepDocument = { id: "a", uses: "read", from: "inputs.value" };
const send: StepDocument = { id: "send", uses: "write", from: "vars.a" };
const last: StepDocument = { id: "last", uses: "look", from: "vars.a" };

const CATALOG = inlineCatalog({
  capabilities: [
    { id: "test.value.read", outputs: ["value"], effect: "read" },
    {
      id: "test.value.look",
      outputs: ["value"],
      effect: "read",
      fallback: { service: "other", operation: "test.value.other_look" },
    },
    { id: "test.value.write", outputs: ["value"], effect: "write" },
    { id: "test.mail.send", outputs: ["value"], effect: "external_action" },
    {
      id: "test.value.grave",
      outputs: ["value"],
      effect: "write",
      replayPolicy: "require_human",
    },
  ],
  skills: [
    skill("post", "1.0.0", [a, send, last]),
    skill("post", "2.0.0", [a, { ...send, id: "notify" }, last]),
    skill("post", "2.1.0", [a, { ...send, id: "notify" }, send, last]),
    skill("post", "3.0.0", [{ ...a, uses: "look" }, send, last]),
    skill("post", "4.0.0", [
      a,
      { ...send, id: "one", config: { depends_on: ["a"] } },
      { ...send, id: "two", config: { depends_on: ["a"] } },
      { ...last, config: { depends_on: ["two"] } },
    ]),
    skill("post", "5.0.0", [a, send, last], { more: { type: "string", required: true } }),
    skill("inner", "1.0.0", [send]),
    skill("outer", "1.0.0", [{ id: "n", uses: "skill:test.wrapped", from: "inputs.value" }]),
    skill("outer", "2.0.0", [{ id: "m", uses: "skill:test.wrapped", from: "inputs.value" }]),
    {
      ...skill("wrapped", "1.0.0", [
        { id: "w", uses: "write", from: "inputs.value" },
        { id: "last", uses: "look", from: "vars.w" },
      ]),
      outputs: { value: { type: "string" } },
    },
    skill("mail", "1.0.0", [
      { id: "mail", uses: "test.mail.send", from: "inputs.value" },
      { id: "grave", uses: "grave", from: "inputs.value" },
    ]),
  ],
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

async function done(runtime: Runtime, name: string, version = "1.0.0"): Promise<string> {
  const { runId } = await startInlineRun(runtime, `test.${name}`, { value: "x" }, { version });
  await probe.untilEnded(runId);
  calls = [];
  return runId;
}

const plan = (runId: string, change: Partial<ReplayWish> = {}) =>
  inlinePlanner(database.pool, () => CATALOG).plan(replayWish(runId, change));

/** Plans and makes a replay; answers the plan and the new run's id. */
async function replay(
  runtime: Runtime,
  sourceRunId: string,
  change: Partial<ReplayWish> = {},
  isHeld = false,
) {
  const planned = await plan(sourceRunId, change);
  const { request } = planned;
  if (request === null) throw new Error("A replay is a new run.");
  const { runId } = await runtime.replayRun({
    ...request,
    tenantId: INLINE_TENANT,
    isHeld,
    actor: "test",
  });
  return { planned, runId };
}

const decisions = (rows: Awaited<ReturnType<typeof plan>>["rows"]) =>
  Object.fromEntries(rows.map((row) => [row.step_id, row.decision]));

const all = async (runId: string) => ({
  checkpointSequence: (await probe.row(runId)).head_sequence,
});

const isWaitingForPeople = (runId: string) => probe.until(runId, "waiting_for_human");

describe("a choice for a step", () => {
  test("has a recorded effect made again, once, under a key of its own", async () => {
    const runtime = await start();
    const source = await done(runtime, "post");
    const change = { ...(await all(source)), overrides: { send: "reexecute" as const } };
    const { planned, runId } = await replay(runtime, source, change);
    expect(decisions(planned.rows)).toEqual({ a: "reuse", send: "run", last: "reuse" });
    expect(planned.rows[1]).toMatchObject({ override: "reexecute", is_certain: true });
    await probe.untilEnded(runId);
    expect(calls).toEqual(['write "x"']);
    const again = await replay(runtime, source, await all(source));
    await probe.untilEnded(again.runId);
    expect(calls).toEqual(['write "x"']);
  });

  test("takes a result that lies after the chosen point, also where another worker takes over", async () => {
    const first = await start();
    const source = await done(first, "post");
    const overrides = { a: "use_recorded_result", last: "use_recorded_result" } as const;
    const { planned, runId } = await replay(first, source, { overrides }, true);
    expect(decisions(planned.rows)).toEqual({ a: "reuse", send: "reuse", last: "reuse" });
    await first.stop();
    runtimes.length = 0;
    const next = await start();
    await next.command({ tenantId: INLINE_TENANT, runId, actor: "test", kind: "resume" });
    await probe.until(runId, "completed");
    expect(calls).toEqual([]);
  });

  test("has people asked first, before a step that only reads and before one that acts", async () => {
    const runtime = await start();
    const source = await done(runtime, "post");
    for (const stepId of ["a", "send"]) {
      const change = { ...(await all(source)), overrides: { [stepId]: "require_human" as const } };
      const { planned, runId } = await replay(runtime, source, change);
      expect(decisions(planned.rows)[stepId]).toBe("ask");
      if (stepId === "a") await isWaitingForPeople(runId);
      expect(calls).toEqual([]);
    }
  });

  test("is refused where policy does not leave it, and to those who may not choose it", async () => {
    const runtime = await start();
    const source = await done(runtime, "mail");
    await expect(plan(source, { overrides: { grave: "reexecute" } })).rejects.toMatchObject({
      code: "safety_denied",
      details: { step_id: "grave" },
    });
    const mail = { overrides: { mail: "reexecute" as const } };
    await expect(plan(source, { ...mail, roles: ["operator"] })).rejects.toMatchObject({
      code: "forbidden",
      details: { roles: ["admin"] },
    });
    expect((await plan(source, mail)).rows[0]).toMatchObject({
      decision: "run",
      may_become: [
        { policy: "use_recorded_result", roles: ["operator", "admin"] },
        { policy: "reexecute", roles: ["admin"] },
        { policy: "require_human", roles: ["operator", "admin"] },
      ],
    });
    await expect(plan(source, { overrides: { no: "reexecute" } })).rejects.toMatchObject({
      code: "invalid_request",
    });
  });

  test("changes the plan's hash", async () => {
    const runtime = await start();
    const source = await done(runtime, "post");
    const { planHash } = await plan(source);
    const chosen = await plan(source, { overrides: { a: "reexecute" } });
    expect(chosen.planHash).not.toBe(planHash);
  });
});

describe("another version", () => {
  test("in which a step has another name repeats none of its effects, however often it was renamed", async () => {
    const runtime = await start();
    const source = await done(runtime, "post");
    const { planned, runId } = await replay(runtime, source, { version: "2.0.0" });
    expect(planned.compatibility).toEqual({
      removed: [],
      added: [],
      renamed: [{ from: "send", to: "notify", is_proposed: true }],
      retyped: [],
      choices: [{ from: "send", to: ["notify"] }],
    });
    expect(decisions(planned.rows)).toEqual({ a: "run", notify: "reuse", last: "run" });
    await probe.untilEnded(runId);
    const back = await replay(runtime, runId, { version: "1.0.0" });
    await probe.untilEnded(back.runId);
    const on = await replay(runtime, runId, { version: "2.1.0" });
    await probe.untilEnded(on.runId);
    // Version 2.1.0 has a new step that took the old name: that one is another call.
    expect(calls.filter((call) => call.startsWith("write"))).toEqual(['write "x"']);
  });

  test("takes results over as the caller maps the steps, and refuses a mapping that cannot be", async () => {
    const runtime = await start();
    const source = await done(runtime, "post");
    const unclear = await plan(source, { version: "4.0.0" });
    expect(unclear.compatibility).toMatchObject({ removed: ["send"], added: ["one", "two"] });
    const change = { ...(await all(source)), version: "4.0.0", stepMap: { send: "two" } };
    const { planned, runId } = await replay(runtime, source, change);
    expect(planned.compatibility.renamed).toEqual([
      { from: "send", to: "two", is_proposed: false },
    ]);
    expect(decisions(planned.rows)).toEqual({
      a: "reuse",
      one: "run",
      two: "reuse",
      last: "reuse",
    });
    await probe.untilEnded(runId);
    expect(calls).toEqual(['write "x"']);
    for (const stepMap of [
      { send: "no" },
      { no: "one" },
      { send: "last" },
      { a: "one", send: "one" },
    ])
      await expect(plan(source, { version: "4.0.0", stepMap })).rejects.toMatchObject({
        code: "invalid_request",
        details: { field: "step_map" },
      });
  });

  test("in which a step uses something else does not take its result", async () => {
    const runtime = await start();
    const source = await done(runtime, "post");
    const change = { ...(await all(source)), version: "3.0.0" };
    const { planned, runId } = await replay(runtime, source, change);
    expect(planned.compatibility.retyped).toEqual([
      { step_id: "a", reason: "it used test.value.read and uses test.value.look now" },
    ]);
    await probe.untilEnded(runId);
    expect(calls).toEqual(['look "x"']);
  });

  test("with a new required input is refused with the input's name", async () => {
    const runtime = await start();
    const source = await done(runtime, "post");
    await expect(plan(source, { version: "5.0.0" })).rejects.toMatchObject({
      code: "invalid_request",
      details: { problems: [{ path: "more" }] },
    });
    await plan(source, { version: "5.0.0", inputs: { more: "y" } });
  });

  test("in which a nested skill has another name repeats none of its effects", async () => {
    const runtime = await start();
    const source = await done(runtime, "outer");
    const { planned, runId } = await replay(runtime, source, { version: "2.0.0" });
    expect(planned.compatibility.renamed).toMatchObject([{ from: "n", to: "m" }]);
    expect((await probe.untilEnded(runId)).status).toBe("completed");
    expect(calls.filter((call) => call.startsWith("write"))).toEqual([]);
  });
});

describe("edits", () => {
  test("of variables hold from the chosen point on, and not before", async () => {
    const runtime = await start();
    const source = await done(runtime, "post");
    const checkpoints = (await probe.events(source)).filter(
      ({ event_type: type, payload }) =>
        type === "checkpoint.saved" && payload["step_path"] === "send",
    );
    const checkpointSequence = checkpoints.at(-1)?.sequence ?? 0;
    const { planned, runId } = await replay(runtime, source, {
      checkpointSequence,
      vars: { a: "z" },
    });
    expect(decisions(planned.rows)).toEqual({ a: "reuse", send: "reuse", last: "run" });
    expect(await probe.untilEnded(runId)).toMatchObject({ outputs: { value: "z" } });
    expect(calls).toEqual(['look "z"']);
    await expect(plan(source, { vars: { nothing: 1 } })).rejects.toMatchObject({
      code: "invalid_request",
      details: { field: "vars", unknown: ["nothing"] },
    });
  });

  test("of a held fork's variables hold once it was resumed", async () => {
    const runtime = await start();
    const source = await done(runtime, "post");
    const { runId } = await replay(runtime, source, { stepId: "last", vars: { a: "z" } }, true);
    await runtime.command({ tenantId: INLINE_TENANT, runId, actor: "test", kind: "resume" });
    expect(await probe.untilEnded(runId)).toMatchObject({ outputs: { value: "z" } });
  });

  test("of bindings are obeyed by the run and its nested runs, and refused where they cannot be", async () => {
    const runtime = await start();
    const bindings = { "test.value.look": "other_test.value.look" };
    for (const name of ["post", "outer"]) {
      const source = await done(runtime, name);
      const { planned, runId } = await replay(runtime, source, { bindings });
      expect(planned.bindings).toEqual(bindings);
      await probe.untilEnded(runId);
      expect(calls.at(-1)).toBe('other_look "x"');
    }
    const source = await done(runtime, "post");
    expect((await plan(source, { bindings })).planHash).not.toBe((await plan(source)).planHash);
    const wrong = [
      [{ "test.value.look": "nothing" }, "not_found"],
      [{ "test.nothing.at_all": "inline_test.value.read" }, "not_found"],
      [{ "test.value.look": "inline_test.value.read" }, "invalid_request"],
    ] as const;
    for (const [chosen, code] of wrong)
      await expect(plan(source, { bindings: chosen })).rejects.toMatchObject({
        code,
        details: { field: "bindings" },
      });
  });

  test("are not for a run that is resumed", async () => {
    const runtime = await start();
    const source = await done(runtime, "post");
    const { runId } = await replay(runtime, source, {}, true);
    await expect(
      plan(runId, { operation: "resume", inputs: { value: "y" } }),
    ).rejects.toMatchObject({ code: "invalid_request", details: { field: "edits" } });
  });
});

test("the plan of a fork that waits expects of later steps what its source had brought", async () => {
  const runtime = await start();
  const source = await done(runtime, "post");
  const { runId } = await replay(runtime, source, {}, true);
  const { rows } = await plan(runId, { operation: "resume" });
  expect(rows.map((row) => [row.step_id, row.decision, row.is_certain])).toEqual([
    ["a", "run", true],
    ["send", "reuse", false],
    ["last", "run", false],
  ]);
});
