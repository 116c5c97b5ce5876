import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { APPROVAL_KINDS } from "../../core/approval.ts";
import type { Approver } from "../../core/approver.ts";
import type { JsonObject } from "../../core/json.ts";
import { redriveRun } from "../../core/redrive.ts";
import type { RunEvent } from "../../core/run-events.ts";
import { compileSkill } from "../../core/run-plan.ts";
import { SkillSchema } from "../../core/skill.ts";
import { createTestDatabase, type TestDatabase } from "../database/test-database.ts";
import { streamRunEvents } from "../database/event-reader.ts";
import type { DecidePayload } from "./approval-commands.ts";
import type { Builtin, BuiltinModule } from "./builtins/builtin.ts";
import type { Runtime } from "./runtime.ts";
import { inlineCatalog, type InlineCapability } from "./testing/inline-catalog.ts";
import { inlinePlanner, replayWish } from "./testing/inline-planner.ts";
import { INLINE_TENANT, startInlineRun, startInlineRuntime } from "./testing/inline-runtime.ts";
import { RunProbe } from "./testing/run-probe.ts";

let database: TestDatabase;
let probe: RunProbe;
beforeAll(async () => {
  database = await createTestDatabase();
  probe = new RunProbe(database);
  return database.drop;
});

const sent: JsonObject[] = [];
const asked: JsonObject[] = [];
const sender =
  (name: string): Builtin =>
  ({ value }) => {
    sent.push({ [name]: value ?? null });
    return { value: value ?? null };
  };
const FUNCTIONS: BuiltinModule = {
  "text.value.echo": ({ value }) => ({ value: value ?? null }),
  "text.gate.ask": (input) => {
    asked.push({ ...input });
    return { allowed: input["value"] !== "bad" };
  },
  "text.gate.other": ({ value }) => ({ allowed: value !== "bad" }),
  ...Object.fromEntries(
    ["pre", "both", "post", "around", "confirmed", "short"].map((name) => [
      `text.send.${name}`,
      sender(name),
    ]),
  ),
};

const left = (capability: string, onFail = "require_human") => ({
  capability,
  on_fail: onFail,
  input: { value: "input.value" },
});
const guarded = (name: string, safety: object): InlineCapability => ({
  id: `text.send.${name}`,
  inputs: { value: { type: "string", required: true } },
  outputs: ["value"],
  effect: "external_action",
  safety: { trust_level: "standard", ...safety },
});
const CAPABILITIES: InlineCapability[] = [
  { id: "text.value.echo", outputs: ["value"] },
  { id: "text.gate.ask", outputs: ["allowed"] },
  { id: "text.gate.other", outputs: ["allowed"] },
  guarded("pre", { mandatory_pre_gates: [left("text.gate.ask")] }),
  guarded("both", {
    mandatory_pre_gates: [left("text.gate.ask"), left("text.gate.other")],
    requires_confirmation: true,
  }),
  guarded("post", { mandatory_post_gates: [left("text.gate.ask")] }),
  guarded("around", {
    mandatory_pre_gates: [left("text.gate.ask")],
    mandatory_post_gates: [left("text.gate.ask")],
  }),
  guarded("confirmed", {
    mandatory_pre_gates: [left("text.gate.ask", "block")],
    requires_confirmation: true,
  }),
  guarded("short", {
    requires_confirmation: true,
    approval: { timeout_seconds: 0.3, on_expiry: "continue" },
  }),
];

const step = (name: string, config: object = {}, input: object = { value: "inputs.value" }) => ({
  id: "send",
  uses: `text.send.${name}`,
  input,
  output: { value: "vars.sent" },
  config,
});
const FOREACH = { foreach: { items: "inputs.values", concurrency: 2 } };
const ROUTER = {
  router: { on: "inputs.value", cases: { bad: "text.send.pre" }, default: "text.value.echo" },
};
const SCATTER = {
  scatter: {
    capabilities: [
      { as: "a", uses: "text.send.pre" },
      { as: "b", uses: "text.value.echo" },
    ],
  },
};
const SKILLS = [
  ...["pre", "both", "post", "around", "confirmed", "short"].map((name) =>
    skill(name, [step(name)]),
  ),
  skill("each", [step("pre", FOREACH, { value: "item" })]),
  skill("while", [step("pre", { while: { condition: "false" } })]),
  skill("router", [{ ...step("pre", ROUTER), uses: "text.value.echo" }]),
  skill("scatter", [{ ...step("pre", SCATTER), output: {} }]),
  skill("post_each", [step("post", FOREACH, { value: "item" })]),
];

function skill(name: string, steps: object[]) {
  const inputs = { value: {}, values: {} };
  const id = `gates.${name}`;
  return { id, version: "1.0.0", name, description: name, inputs, steps };
}

let runtime: Runtime;
beforeEach(async () => {
  sent.length = 0;
  asked.length = 0;
  runtime = await start();
});
afterEach(() => runtime.stop());

function start(): Promise<Runtime> {
  return startInlineRuntime({
    pool: database.pool,
    connectionString: database.connectionString,
    catalog: inlineCatalog({ capabilities: CAPABILITIES, skills: SKILLS }),
    functions: FUNCTIONS,
  });
}

async function waiting(name: string, inputs: JsonObject = { value: "bad" }): Promise<string> {
  const { runId } = await startInlineRun(runtime, `gates.${name}`, inputs);
  await probe.until(runId, "waiting_for_human");
  return runId;
}

const RowSchema = z.object({
  occurrence: z.string(),
  sequence: z.int(),
  status: z.string(),
  kind: z.enum(APPROVAL_KINDS),
  reason: z.string(),
  payload_hash: z.string(),
  capability_id: z.string(),
});

async function approvalsOf(runId: string) {
  const { rows } = await database.pool.query(
    `SELECT occurrence, sequence, status, kind, reason, payload_hash, capability_id FROM approvals
     WHERE tenant_id = $1 AND run_id = $2 ORDER BY sequence`,
    [INLINE_TENANT, runId],
  );
  return z.array(RowSchema).parse(rows);
}

const ADA: Approver = {
  actor: "user:ada",
  name: "Ada",
  ids: ["ada"],
  roles: ["approver"],
  groups: [],
};

async function decide(runId: string, more: Partial<DecidePayload> = {}): Promise<void> {
  const row = (await approvalsOf(runId)).find(({ status }) => status === "pending");
  await runtime.command({
    tenantId: INLINE_TENANT,
    runId,
    actor: ADA.actor,
    kind: "decide",
    payload: {
      approval_id: `apr_${runId.slice(4)}_${row?.sequence ?? 0}`,
      approver: ADA,
      decision: "approve",
      payload_hash: row?.payload_hash ?? "",
      ...more,
    },
  });
}

async function typesOf(runId: string, ...wanted: string[]): Promise<string[]> {
  return (await probe.typesOf(runId)).filter((type) => wanted.includes(type));
}

/** The recorded history follows from the engine's own decisions. */
async function expectRedriven(runId: string, name: string): Promise<void> {
  const document = SKILLS.find(({ id }) => id === `gates.${name}`);
  const parsed = SkillSchema.parse(document);
  const events: RunEvent[] = [];
  for await (const event of streamRunEvents(database.pool, { tenantId: INLINE_TENANT, runId }))
    events.push(event);
  const [created] = events;
  const hash = created?.type === "run.created" ? created.payload.skill_hash : "";
  const identity = { tenantId: INLINE_TENANT, runId, traceId: "" };
  const found = [...redriveRun(compileSkill(parsed, hash), identity, events)];
  expect(found.flatMap(({ difference }) => difference ?? [])).toEqual([]);
}

describe("a gate before a call that leaves it to people", () => {
  test("asks before anything is announced, and the approved payload is sent once", async () => {
    const runId = await waiting("pre");
    expect(await approvalsOf(runId)).toMatchObject([
      { kind: "gate", status: "pending", capability_id: "text.send.pre" },
    ]);
    expect((await approvalsOf(runId))[0]?.reason).toBe(
      "Gate text.gate.ask does not allow this call. Call text.send.pre all the same?",
    );
    expect(await typesOf(runId, "policy.evaluated", "side_effect.attempted")).toEqual([
      "policy.evaluated",
    ]);
    await decide(runId);
    await probe.until(runId, "completed");
    expect(sent).toEqual([{ pre: "bad" }]);
    expect(asked).toHaveLength(2);
    const started = (await probe.events(runId)).filter(
      ({ event_type: type }) => type === "step.started",
    );
    expect(started.map(({ payload }) => payload["attempt"])).toEqual([1, 1]);
    await expectRedriven(runId, "pre");
  });

  test("lets the call out and not its answer, although that is the same text", async () => {
    const runId = await waiting("around");
    await decide(runId);
    await expect.poll(async () => (await approvalsOf(runId)).length, { timeout: 10_000 }).toBe(2);
    await decide(runId);
    await probe.until(runId, "completed");
    expect(sent).toEqual([{ around: "bad" }]);
  });

  test("does not ask where it allows the call", async () => {
    const { runId } = await startInlineRun(runtime, "gates.pre", { value: "good" });
    await probe.until(runId, "completed");
    expect(await approvalsOf(runId)).toEqual([]);
  });

  test("asks again after a restart nobody, and is asked about an edited payload", async () => {
    const runId = await waiting("pre");
    await runtime.stop();
    runtime = await start();
    await decide(runId, { payload: { value: "better" } });
    await probe.until(runId, "completed");
    expect(asked.map(({ value }) => value)).toEqual(["bad", "better"]);
    expect(sent).toEqual([{ pre: "better" }]);
    expect(await approvalsOf(runId)).toHaveLength(1);
    await expectRedriven(runId, "pre");
  });

  test("is denied as any question: nothing is sent and the run is canceled", async () => {
    const runId = await waiting("pre");
    await decide(runId, { decision: "deny", comment: "no" });
    await probe.until(runId, "canceled");
    expect(sent).toEqual([]);
    await expectRedriven(runId, "pre");
  });

  test("asks one question with another gate and the confirmation", async () => {
    const runId = await waiting("both");
    const [row] = await approvalsOf(runId);
    expect(row?.reason).toContain("Gates text.gate.ask, text.gate.other do not allow this call");
    await decide(runId);
    await probe.until(runId, "completed");
    expect(await approvalsOf(runId)).toHaveLength(1);
    expect(sent).toEqual([{ both: "bad" }]);
  });

  test.each<[string, JsonObject, number]>([
    ["each", { values: ["bad", "good", "bad"] }, 2],
    ["while", { value: "bad" }, 1],
    ["router", { value: "bad" }, 1],
    ["scatter", { value: "bad" }, 1],
  ])("asks for each target of %s", async (name, inputs, count) => {
    const runId = await waiting(name, inputs);
    for (let decided = 0; decided < count; decided += 1) {
      await probe.until(runId, "waiting_for_human");
      await decide(runId);
    }
    await probe.until(runId, "completed");
    expect(await approvalsOf(runId)).toHaveLength(count);
    expect(sent.filter(({ pre }) => pre === "bad")).toHaveLength(count);
    await expectRedriven(runId, name);
  });
});

describe("the order of gates and confirmation", () => {
  test("a gate that blocks does so before anybody is asked", async () => {
    const { runId } = await startInlineRun(runtime, "gates.confirmed", { value: "bad" });
    const row = await probe.untilEnded(runId);
    expect(row.error).toMatchObject({ code: "gate_denied" });
    expect(await approvalsOf(runId)).toEqual([]);
    expect(sent).toEqual([]);
  });

  test("what the gate allows is confirmed after it, and an edit passes the gate again", async () => {
    const runId = await waiting("confirmed", { value: "good" });
    expect(asked).toHaveLength(1);
    expect(await approvalsOf(runId)).toMatchObject([{ kind: "confirmation" }]);
    await decide(runId, { payload: { value: "bad" } });
    const row = await probe.untilEnded(runId);
    expect(row.error).toMatchObject({ code: "gate_denied" });
    expect(sent).toEqual([]);
    await expectRedriven(runId, "confirmed");
  });
});

describe("a gate after a call that leaves its result to people", () => {
  test("asks about the result, lets it in as approved, and the call is not repeated", async () => {
    const runId = await waiting("post");
    expect(sent).toEqual([{ post: "bad" }]);
    expect(await typesOf(runId, "side_effect.recorded", "approval.requested")).toEqual([
      "side_effect.recorded",
      "approval.requested",
    ]);
    await runtime.stop();
    runtime = await start();
    await decide(runId, { payload: { value: "redacted" } });
    await probe.until(runId, "completed");
    expect(sent).toHaveLength(1);
    const ended = (await probe.events(runId)).find(
      ({ event_type: type }) => type === "step.completed",
    );
    expect(ended?.payload["output"]).toEqual({ value: "redacted" });

    const again = await runtime.replayRun({
      tenantId: INLINE_TENANT,
      sourceRunId: runId,
      through: 0,
      checkpointId: null,
      inputs: null,
      version: null,
      environment: null,
      isHeld: false,
      actor: "user:bob",
    });
    await probe.until(again.runId, "completed");
    expect(sent).toHaveLength(1);
    const reused = (await probe.events(again.runId)).find(
      ({ event_type: type }) => type === "step.completed",
    );
    expect(reused?.payload["output"]).toEqual({ value: "redacted" });
    await expectRedriven(runId, "post");
  });

  test("denied, ends the run without the result", async () => {
    const runId = await waiting("post");
    await decide(runId, { decision: "deny", comment: "no" });
    await probe.until(runId, "canceled");
    expect(await typesOf(runId, "step.completed")).toEqual([]);
  });

  test("asks for each iteration, whose results keep their order", async () => {
    const runId = await waiting("post_each", { values: ["bad", "good", "bad"] });
    await decide(runId, { payload: { value: "one" } });
    await probe.until(runId, "waiting_for_human");
    await decide(runId, { payload: { value: "two" } });
    await probe.until(runId, "completed");
    expect(sent).toHaveLength(3);
    await expectRedriven(runId, "post_each");
  });
});

test("a confirmation that nobody decides in its capability's time has its capability's outcome", async () => {
  const { runId } = await startInlineRun(runtime, "gates.short", { value: "x" });
  await probe.until(runId, "completed");
  expect(await typesOf(runId, "approval.expired", "step.degraded")).toEqual([
    "approval.expired",
    "step.degraded",
  ]);
  expect(sent).toEqual([]);
  expect((await approvalsOf(runId))[0]?.status).toBe("expired");
  await expectRedriven(runId, "short");
});

test("a plan calls nothing certain that gates may stop", async () => {
  const { runId } = await startInlineRun(runtime, "gates.pre", { value: "good" });
  expect((await probe.untilEnded(runId)).status).toBe("completed");
  const catalog = inlineCatalog({ capabilities: CAPABILITIES, skills: SKILLS });
  const planner = inlinePlanner(database.pool, () => catalog);
  const gated = "unless text.gate.ask stops it or has people asked";
  const same = await planner.plan(replayWish(runId));
  expect(same.rows).toMatchObject([
    {
      step_id: "send",
      decision: "reuse",
      is_certain: false,
      reason: expect.stringContaining(gated),
    },
  ]);
  const other = await planner.plan(replayWish(runId, { overrides: { send: "reexecute" } }));
  expect(other.rows).toMatchObject([
    { step_id: "send", decision: "run", is_certain: false, reason: expect.stringContaining(gated) },
  ]);
});
