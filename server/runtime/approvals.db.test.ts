import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import type { Approver } from "../../core/approver.ts";
import type { JsonObject } from "../../core/json.ts";
import { createTestDatabase, type TestDatabase } from "../database/test-database.ts";
import type { DecidePayload } from "./approval-commands.ts";
import type { BuiltinModule } from "./builtins/builtin.ts";
import type { Runtime } from "./runtime.ts";
import { inlineCatalog, type InlineCapability } from "./testing/inline-catalog.ts";
import { INLINE_TENANT, startInlineRun, startInlineRuntime } from "./testing/inline-runtime.ts";
import { RunProbe } from "./testing/run-probe.ts";

let database: TestDatabase;
let probe: RunProbe;
beforeAll(async () => {
  database = await createTestDatabase();
  probe = new RunProbe(database);
  return database.drop;
});

let runtime: Runtime;
let sent: JsonObject[] = [];
beforeEach(async () => {
  sent = [];
  runtime = await start();
});
afterEach(() => runtime.stop());

const FUNCTIONS: BuiltinModule = {
  "text.value.echo": ({ value }) => ({ value: value ?? null }),
  "text.value.send": (input) => {
    sent.push({ ...input });
    return { value: input["value"] ?? null };
  },
};
const CAPABILITIES: InlineCapability[] = [
  { id: "text.value.echo", outputs: ["value"] },
  {
    id: "text.value.send",
    outputs: ["value"],
    effect: "external_action",
    requiresConfirmation: true,
    inputs: { value: { type: "string", required: true } },
  },
];

const ask = (id: string, dependsOn: string[], input: object = {}) => ({
  id,
  uses: "wait.approval",
  input,
  config: { depends_on: dependsOn },
});
const send = (id: string, input: object, config: object = {}) => ({
  id,
  uses: "text.value.send",
  input,
  output: { value: `vars.${id}` },
  config: { depends_on: [], ...config },
});

const SKILLS = [
  skill("test.three", [
    ask("legal", [], { payload: { amount: 10 } }),
    ask("finance", [], { quorum: 2 }),
    {
      ...ask("last", ["legal", "finance"], { payload: "vars.amount_note" }),
      input: { reason: "inputs.why", payload: { amount: "vars.amount" } },
      output: { "payload.amount": "outputs.amount", decided_by: "outputs.by" },
    },
  ]),
  skill("test.form", [
    ask("form", [], {
      payload: { amount: 10 },
      form_schema: { type: "object", properties: { amount: { type: "number", maximum: 100 } } },
      approvers: { users: ["ada@example.org"] },
      forbid_self_approval: true,
    }),
  ]),
  skill("test.send", [send("mail", { value: "inputs.text" })]),
  skill("test.each", [
    send(
      "mail",
      { value: "item" },
      { foreach: { items: "inputs.texts", concurrency: 2 }, retry: { max_attempts: 2 } },
    ),
  ]),
  skill("test.expiring", [
    ask("a", [], { timeout_seconds: 0.3, on_expiry: "continue" }),
    { ...ask("b", ["a"], { timeout_seconds: 0.3 }), config: { depends_on: ["a"] } },
  ]),
  skill("test.expiring_fail", [ask("a", [], { timeout_seconds: 0.3, on_expiry: "fail" })]),
  skill("test.beside", [
    ask("ask", []),
    {
      id: "signal",
      uses: "wait.signal",
      input: { name: "go" },
      config: { depends_on: [] },
    },
  ]),
  skill("test.parent", [{ id: "child", uses: "skill:test.form", config: { depends_on: [] } }]),
];

function skill(id: string, steps: object[]): object {
  const [first] = steps;
  const parts =
    id === "test.three" && first !== undefined
      ? [{ ...first, output: { "payload.amount": "vars.amount" } }, ...steps.slice(1)]
      : steps;
  const outputs = id === "test.three" ? { amount: { type: "number", required: true }, by: {} } : {};
  const inputs = { why: {}, text: {}, texts: {} };
  return { id, version: "1.0.0", name: id, description: id, inputs, outputs, steps: parts };
}

function start(): Promise<Runtime> {
  return startInlineRuntime({
    pool: database.pool,
    connectionString: database.connectionString,
    catalog: inlineCatalog({ capabilities: CAPABILITIES, skills: SKILLS }),
    functions: FUNCTIONS,
  });
}

async function restart(): Promise<void> {
  await runtime.stop();
  runtime = await start();
}

function person(name: string, more: Partial<Approver> = {}): Approver {
  const ids = [`usr_${name}`, `${name}@example.org`];
  return { actor: `user:usr_${name}`, name, ids, roles: ["approver"], groups: [], ...more };
}

type Row = {
  step_id: string;
  occurrence: string;
  sequence: number;
  status: string;
  payload_hash: string;
};

async function approvalsOf(runId: string): Promise<Row[]> {
  const { rows } = await database.pool.query<Row>(
    `SELECT step_id, occurrence, sequence, status, payload_hash FROM approvals
     WHERE tenant_id = $1 AND run_id = $2 ORDER BY sequence`,
    [INLINE_TENANT, runId],
  );
  return rows;
}

async function statusesOf(runId: string): Promise<Record<string, string>> {
  const rows = await approvalsOf(runId);
  return Object.fromEntries(rows.map(({ step_id: id, status }) => [id, status]));
}

async function decide(
  runId: string,
  stepId: string,
  approver: Approver,
  more: Partial<DecidePayload> = {},
): Promise<void> {
  const row = (await approvalsOf(runId)).findLast(
    (found) =>
      found.step_id === stepId && (found.status === "pending" || more.approval_id !== undefined),
  );
  await runtime.command({
    tenantId: INLINE_TENANT,
    runId,
    actor: approver.actor,
    kind: "decide",
    payload: {
      approval_id: `apr_${runId.slice(4)}_${row?.sequence ?? 0}`,
      approver,
      decision: "approve",
      payload_hash: row?.payload_hash ?? "",
      ...more,
    },
  });
}

test("a skill with two approvals in parallel and one after them, restarted between each decision, completes", async () => {
  const { runId } = await startInlineRun(runtime, "test.three", { why: "Pay it?" });
  await probe.until(runId, "waiting_for_human");
  expect(await statusesOf(runId)).toEqual({ legal: "pending", finance: "pending" });
  await restart();
  await decide(runId, "finance", person("ada"));
  expect(await statusesOf(runId)).toEqual({ legal: "pending", finance: "pending" });
  await restart();
  await decide(runId, "legal", person("bob"), { payload: { amount: 12 } });
  expect(await statusesOf(runId)).toEqual({ legal: "approved", finance: "pending" });
  await restart();
  await decide(runId, "finance", person("bob"));
  await probe.until(runId, "waiting_for_human");
  await restart();
  expect((await statusesOf(runId))["last"]).toBe("pending");
  await decide(runId, "last", person("cleo"));
  const ended = await probe.untilEnded(runId);
  expect(ended).toMatchObject({
    status: "completed",
    outputs: { amount: 12, by: "user:usr_cleo" },
  });
  const events = await probe.events(runId);
  expect(events.map((event) => event.sequence)).toEqual(events.map((_, index) => index + 1));
  expect(events.filter((event) => event.event_type === "approval.decided")).toHaveLength(4);
  const asked = events.find(
    ({ payload }) => payload["step_id"] === "last" && "approval_id" in payload,
  );
  expect(asked?.payload).toMatchObject({ reason: "Pay it?", payload: { amount: 12 } });
});

describe("a decision", () => {
  test("is refused to the wrong person, to who started the run, for an outdated payload, and twice", async () => {
    const { runId } = await startInlineRun(runtime, "test.form");
    await probe.until(runId, "waiting_for_human");
    const ada = person("ada");
    await expect(decide(runId, "form", person("bob"))).rejects.toMatchObject({ code: "forbidden" });
    await expect(decide(runId, "form", { ...ada, actor: "test" })).rejects.toMatchObject({
      code: "forbidden",
    });
    await expect(
      decide(runId, "form", ada, { payload_hash: "sha256:jcs1:old" }),
    ).rejects.toMatchObject({ code: "payload_changed" });
    await expect(decide(runId, "form", ada, { payload: { amount: 101 } })).rejects.toMatchObject({
      code: "invalid_request",
      message: expect.stringMatching(/amount must be <= 100/),
    });
    await expect(decide(runId, "form", ada, { payload: { amount: "11" } })).rejects.toMatchObject({
      message: expect.stringMatching(/keeps types/),
    });
    expect(await probe.typesOf(runId)).not.toContain("approval.decided");
    await decide(runId, "form", ada, { payload: { amount: 11 } });
    await probe.until(runId, "completed");
    const [row] = await approvalsOf(runId);
    const again = decide(runId, "form", ada, {
      approval_id: `apr_${runId.slice(4)}_${row?.sequence ?? 0}`,
    });
    await expect(again).rejects.toMatchObject({ code: "approval_not_pending" });
  });

  test("of several people at the same moment is taken from one of them", async () => {
    const { runId } = await startInlineRun(runtime, "test.send", { text: "hello" });
    await probe.until(runId, "waiting_for_human");
    const people = ["ada", "bob", "cleo", "dan"].map((name) => person(name));
    const answers = await Promise.allSettled(people.map((one) => decide(runId, "mail", one)));
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await probe.until(runId, "completed");
    const types = await probe.typesOf(runId);
    expect(types.filter((type) => type === "approval.decided")).toHaveLength(1);
    expect(sent).toHaveLength(1);
  });

  test("that denies ends the run canceled, and the other approvals with it", async () => {
    const { runId } = await startInlineRun(runtime, "test.three");
    await probe.until(runId, "waiting_for_human");
    const denial = { decision: "deny", comment: "too much" } as const;
    await decide(runId, "legal", person("ada"), denial);
    await probe.until(runId, "canceled");
    expect(await statusesOf(runId)).toEqual({ legal: "denied", finance: "canceled" });
    const end = (await probe.events(runId)).find(({ event_type: type }) => type === "run.canceled");
    expect(end).toMatchObject({
      actor: "user:usr_ada",
      payload: { reason: "ada denied legal: too much" },
    });
  });

  test("reaches an approval of a nested run, whose initiator is who started the outermost one", async () => {
    const { runId } = await startInlineRun(runtime, "test.parent");
    const started = async () =>
      (await probe.events(runId)).find(({ payload }) => "child_run_id" in payload);
    await expect.poll(started).toBeDefined();
    const child = z.string().parse((await started())?.payload["child_run_id"]);
    await expect.poll(() => approvalsOf(child)).toHaveLength(1);
    await expect(decide(child, "form", person("ada", { actor: "test" }))).rejects.toMatchObject({
      code: "forbidden",
    });
    await decide(child, "form", person("ada"));
    expect(await probe.untilEnded(runId)).toMatchObject({ status: "completed" });
  });
});

describe("an approval", () => {
  test("that nobody decides has its chosen outcome, also where its time ran out while no process was there", async () => {
    const { runId } = await startInlineRun(runtime, "test.expiring");
    await probe.until(runId, "canceled");
    expect(await statusesOf(runId)).toEqual({ a: "expired", b: "expired" });
    const failing = await startInlineRun(runtime, "test.expiring_fail");
    await probe.until(failing.runId, "waiting_for_human");
    await runtime.stop();
    await sleep(400);
    runtime = await start();
    expect(await probe.untilEnded(failing.runId)).toMatchObject({
      status: "failed",
      error: { code: "step_timeout" },
    });
  });

  test("ends with the run that is canceled", async () => {
    const { runId } = await startInlineRun(runtime, "test.beside");
    await probe.until(runId, "waiting_for_human");
    await runtime.command({ tenantId: INLINE_TENANT, runId, actor: "test", kind: "cancel" });
    await probe.until(runId, "canceled");
    expect(await statusesOf(runId)).toEqual({ ask: "canceled" });
  });
});

describe("a capability that requires confirmation", () => {
  test("is called with exactly what was approved, after a restart too", async () => {
    const { runId } = await startInlineRun(runtime, "test.send", { text: "hello" });
    await probe.until(runId, "waiting_for_human");
    expect(await probe.typesOf(runId)).not.toContain("step.started");
    await restart();
    expect(sent).toEqual([]);
    await decide(runId, "mail", person("ada"));
    await probe.until(runId, "completed");
    expect(sent).toMatchObject([{ value: "hello" }]);
    const events = await probe.events(runId);
    const asked = events.find(({ event_type: type }) => type === "approval.requested");
    const attempted = events.find(({ event_type: type }) => type === "side_effect.attempted");
    expect(attempted?.payload["request_hash"]).toBe(asked?.payload["payload_hash"]);
  });

  test("takes an edited input that its contract allows, and no other", async () => {
    const { runId } = await startInlineRun(runtime, "test.send", { text: "hello" });
    await probe.until(runId, "waiting_for_human");
    await expect(decide(runId, "mail", person("ada"), { payload: {} })).rejects.toMatchObject({
      code: "invalid_request",
    });
    await decide(runId, "mail", person("ada"), { payload: { value: "good day" } });
    await probe.until(runId, "completed");
    expect(sent).toMatchObject([{ value: "good day" }]);
  });

  test("is asked about again when a denied run is resumed", async () => {
    const { runId } = await startInlineRun(runtime, "test.send", { text: "hello" });
    await probe.until(runId, "waiting_for_human");
    await decide(runId, "mail", person("ada"), { decision: "deny", comment: "no" });
    await probe.until(runId, "canceled");
    const resumed = { tenantId: INLINE_TENANT, runId, actor: "test", kind: "resume" } as const;
    await runtime.command({ ...resumed, reason: "ada thought better of it" });
    await probe.until(runId, "waiting_for_human");
    await decide(runId, "mail", person("ada"), { decision: "approve" });
    await probe.until(runId, "completed");
    expect(sent.map(({ value }) => value)).toEqual(["hello"]);
  });

  test("is never called once denied", async () => {
    const { runId } = await startInlineRun(runtime, "test.send", { text: "hello" });
    await probe.until(runId, "waiting_for_human");
    await decide(runId, "mail", person("ada"), { decision: "deny", comment: "no" });
    await probe.until(runId, "canceled");
    expect(sent).toEqual([]);
  });

  test("is asked for anew in each iteration of a loop", async () => {
    const { runId } = await startInlineRun(runtime, "test.each", { texts: ["a", "b", "c"] });
    await probe.until(runId, "waiting_for_human");
    expect((await approvalsOf(runId)).map(({ occurrence }) => occurrence)).toEqual(["0", "1"]);
    for (let count = 0; count < 3; count += 1) {
      await probe.until(runId, "waiting_for_human");
      await decide(runId, "mail", person("ada"));
    }
    await probe.until(runId, "completed");
    expect(new Set(sent.map(({ value }) => value))).toEqual(new Set(["a", "b", "c"]));
    expect(sent).toHaveLength(3);
  });
});
