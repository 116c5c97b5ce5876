import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { DomainError } from "../../core/errors.ts";
import type { Json, JsonObject } from "../../core/json.ts";
import { createTestDatabase, type TestDatabase } from "../database/test-database.ts";
import type { BuiltinModule } from "./builtins/builtin.ts";
import { InvocationError } from "./invokers/invoker.ts";
import type { Runtime } from "./runtime.ts";
import { inlineCatalog } from "./testing/inline-catalog.ts";
import { INLINE_TENANT, startInlineRun, startInlineRuntime } from "./testing/inline-runtime.ts";
import { differencesOf } from "./testing/redrive-all.ts";
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

/** What stands outside, and every call of it in order. */
const standing = new Set<string>();
const calls: string[] = [];
let failuresLeft = 0;
let refusals: DomainError[] = [];
beforeEach(() => {
  standing.clear();
  calls.length = 0;
  refusals = [];
});

const text = (value: Json | undefined) => (typeof value === "string" ? value : "nothing");

const FUNCTIONS: BuiltinModule = {
  "shop.order.place": ({ value }) => {
    calls.push(`place ${text(value)}`);
    standing.add(text(value));
    return { id: `id of ${text(value)}` };
  },
  "shop.order.withdraw": ({ value }) => {
    calls.push(`withdraw ${text(value)}`);
    const refusal = refusals.shift();
    if (refusal !== undefined) throw refusal;
    standing.delete(text(value).replace("id of ", ""));
    return { id: value ?? null };
  },
  "shop.letter.send": ({ value }) => {
    calls.push(`send ${text(value)}`);
    standing.add(`letter ${text(value)}`);
    return { id: value ?? null };
  },
  "shop.order.doubt": ({ value }) => {
    calls.push(`doubt ${text(value)}`);
    standing.add(text(value));
    throw new InvocationError("upstream_timeout", "No answer.", {
      possiblySent: true,
      isServiceFault: true,
    });
  },
  "shop.check.fail": () => {
    throw new DomainError("invalid_request", "It is not to be.");
  },
  "shop.check.slow": async () => {
    await sleep(200);
    return {};
  },
  "shop.check.flaky": () => {
    if (failuresLeft <= 0) return {};
    failuresLeft -= 1;
    throw new DomainError("upstream_failure", "Not yet.");
  },
};

const place = (id: string, config: object = {}) => ({
  id,
  uses: "shop.order.place",
  input: { value: id },
  output: { id: `vars.${id}` },
  config,
});
const fail = { id: "fail", uses: "shop.check.fail" };
const wait = { id: "wait", uses: "wait.signal", input: { name: "go" } };
const QUICK = { max_attempts: 2, backoff_seconds: 0.01 };
const undoing = (strategy = "backward") => ({
  compensation: { strategy, on_failure: true, retry: QUICK },
});

const SKILLS: Record<string, { steps: object[]; config?: object }> = {
  saga: { steps: [place("a"), place("b"), fail], config: undoing() },
  at_once: { steps: [place("a"), place("b"), fail], config: undoing("parallel") },
  leaving: { steps: [place("a"), place("b"), fail] },
  waiting: { steps: [place("a"), { ...place("l"), uses: "shop.letter.send" }, place("b"), wait] },
  doubtful: {
    steps: [place("a"), { id: "d", uses: "shop.order.doubt", input: { value: "d" } }],
    config: undoing(),
  },
  waiting_saga: { steps: [place("a"), wait], config: undoing() },
  idle: { steps: [wait] },
  slow: { steps: [place("a"), { id: "s", uses: "shop.check.slow" }, wait] },
  approved: {
    steps: [place("a"), { id: "ask", uses: "wait.approval", input: { reason: "May it?" } }],
    config: undoing(),
  },
  forward: {
    steps: [place("a"), { id: "flaky", uses: "shop.check.flaky" }],
    config: undoing("forward"),
  },
  inner: { steps: [place("x"), place("y")] },
  outer: {
    steps: [place("a"), { id: "nest", uses: "skill:test.inner" }, place("b"), wait],
  },
  outer_saga: {
    steps: [{ id: "nest", uses: "skill:test.inner" }, wait, fail],
    config: undoing(),
  },
  each: {
    steps: [
      {
        id: "each",
        uses: "shop.order.place",
        input: { value: "item" },
        config: { foreach: { items: "inputs.values", concurrency: 2 } },
      },
      wait,
    ],
  },
};

const withdraw = { capability: "shop.order.withdraw" };
const CATALOG = inlineCatalog({
  capabilities: [
    {
      id: "shop.order.place",
      effect: "write",
      outputs: ["id"],
      compensation: { ...withdraw, input: { value: "outputs.id" } },
    },
    {
      id: "shop.order.doubt",
      effect: "write",
      outputs: ["id"],
      compensation: { ...withdraw, input: { value: "inputs.value" } },
    },
    { id: "shop.order.withdraw", effect: "write", outputs: ["id"] },
    { id: "shop.letter.send", effect: "write", outputs: ["id"] },
    { id: "shop.check.fail" },
    { id: "shop.check.slow" },
    { id: "shop.check.flaky" },
  ],
  skills: Object.entries(SKILLS).map(([name, { steps, config = {} }]) => ({
    id: `test.${name}`,
    version: "1.0.0",
    name,
    description: name,
    inputs: { values: {} },
    steps,
    config,
  })),
});

async function start() {
  const runtime = await startInlineRuntime({
    pool: database.pool,
    connectionString: database.connectionString,
    catalog: CATALOG,
    functions: FUNCTIONS,
  });
  runtimes.push(runtime);
  return runtime;
}

const cancel = (runtime: Runtime, runId: string, compensate: boolean) =>
  runtime.command({ tenantId: INLINE_TENANT, runId, actor: "ada", kind: "cancel", compensate });

async function decide(
  runtime: Runtime,
  runId: string,
  approval: Asked,
  decision: "approve" | "deny",
): Promise<void> {
  const approver = { actor: "bob", name: "Bob", ids: ["bob"], roles: ["approver"], groups: [] };
  await runtime.command({
    tenantId: INLINE_TENANT,
    runId,
    actor: "bob",
    kind: "decide",
    payload: { ...approval, approver, decision, comment: "Because." },
  });
}

const AskedSchema = z.object({
  approval_id: z.string(),
  payload_hash: z.string(),
  reason: z.string(),
  kind: z.string(),
  payload: z.record(z.string(), z.json()),
});
type Asked = z.infer<typeof AskedSchema>;

/** The last question that the run asks, once there is one that is not `known`. */
async function pendingApproval(runId: string, known = ""): Promise<Asked> {
  for (let tries = 0; tries < 1_500; tries += 1) {
    const asked = (await probe.events(runId)).findLast(
      ({ event_type: type }) => type === "approval.requested",
    );
    const approval = AskedSchema.safeParse(asked?.payload).data;
    if (approval !== undefined && approval.approval_id !== known) return approval;
    await sleep(10);
  }
  throw new Error(`run ${runId} asks nobody`);
}

/** Whoever drives the recorded history again, without calling anybody, comes to the same. */
async function expectToRedrive(runId: string): Promise<void> {
  expect(await differencesOf(database.pool, CATALOG, runId)).toEqual([]);
}

async function endOf(runId: string): Promise<JsonObject> {
  await probe.untilEnded(runId);
  await expectToRedrive(runId);
  const end = (await probe.events(runId)).findLast(({ event_type: type }) =>
    ["run.failed", "run.canceled", "run.completed"].includes(type),
  );
  return { type: end?.event_type ?? "none", ...end?.payload };
}

test("a run that fails undoes what it did, the last first, where its skill says so", async () => {
  const { runId } = await startInlineRun(await start(), "test.saga");
  expect(await endOf(runId)).toMatchObject({
    type: "run.failed",
    step_id: "fail",
    compensation: { outcome: "completed", undone: 2, left: [] },
  });
  expect(calls).toEqual(["place a", "place b", "withdraw id of b", "withdraw id of a"]);
  expect(standing.size).toBe(0);
});

test("a run that fails leaves what it did where its skill says nothing", async () => {
  const { runId } = await startInlineRun(await start(), "test.leaving");
  expect(await endOf(runId)).not.toHaveProperty("compensation");
  expect(calls).toEqual(["place a", "place b"]);
});

test("a cancelation that asks for it undoes what can be undone and names what is left standing", async () => {
  const runtime = await start();
  const { runId } = await startInlineRun(runtime, "test.waiting");
  await probe.until(runId, "waiting_for_signal");
  await cancel(runtime, runId, true);
  expect(await endOf(runId)).toMatchObject({
    type: "run.canceled",
    compensation: {
      outcome: "completed",
      undone: 2,
      left: [
        {
          step_id: "l",
          capability_id: "shop.letter.send",
          reason: "shop.letter.send has no compensation",
        },
      ],
    },
  });
  expect([...standing]).toEqual(["letter l"]);
  const { rows } = await database.pool.query(
    "SELECT step_path, occurrence, status, compensates_effect_id FROM effects WHERE run_id = $1 ORDER BY sequence",
    [runId],
  );
  const effectId = (sequence: number) => `eff_${runId.slice(4)}_${sequence}`;
  const undos = rows.slice(3).map((row) => row.compensates_effect_id);
  const { rows: firsts } = await database.pool.query(
    "SELECT sequence FROM effects WHERE run_id = $1 ORDER BY sequence LIMIT 3",
    [runId],
  );
  expect(rows.map(({ step_path, occurrence, status }) => [step_path, occurrence, status])).toEqual([
    ["a", "", "compensated"],
    ["l", "", "recorded"],
    ["b", "", "compensated"],
    ["b", "undo:1", "recorded"],
    ["a", "undo:2", "recorded"],
  ]);
  expect(undos).toEqual([effectId(firsts[2].sequence), effectId(firsts[0].sequence)]);
});

test("a cancelation that does not ask for it leaves all, even of a skill that undoes when it fails", async () => {
  const runtime = await start();
  const { runId } = await startInlineRun(runtime, "test.waiting_saga");
  await probe.until(runId, "waiting_for_signal");
  await cancel(runtime, runId, false);
  expect(await endOf(runId)).not.toHaveProperty("compensation");
  expect(calls).toEqual(["place a"]);
});

test("of the failed step it is undone what may have happened", async () => {
  const runtime = await start();
  const { runId } = await startInlineRun(runtime, "test.doubtful");
  await decide(runtime, runId, await pendingApproval(runId), "deny");
  expect(await endOf(runId)).toMatchObject({ compensation: { outcome: "completed", undone: 2 } });
  expect(calls).toEqual(["place a", "doubt d", "withdraw d", "withdraw id of a"]);
  expect(standing.size).toBe(0);
});

test("what its provider does not know counts as undone, since it never happened", async () => {
  refusals = [new DomainError("not_found", "There is no such order.")];
  const { runId } = await startInlineRun(await start(), "test.saga");
  expect(await endOf(runId)).toMatchObject({ compensation: { outcome: "completed", undone: 2 } });
  const told = (await probe.events(runId)).filter(
    (event) => event.event_type === "step.compensated",
  );
  expect(told.map(({ payload }) => payload["was_absent"] ?? false)).toEqual([true, false]);
});

test("an undoing that fails is tried again within its budget, then people decide", async () => {
  const down = () =>
    new InvocationError("upstream_failure", "The shop is closed.", {
      possiblySent: false,
      isServiceFault: false,
    });
  refusals = [down(), down()];
  const runtime = await start();
  const { runId } = await startInlineRun(runtime, "test.saga");
  const first = await pendingApproval(runId);
  expect((await probe.row(runId)).status).toBe("compensating");
  expect(calls.slice(2)).toEqual(["withdraw id of b", "withdraw id of b"]);
  expect(first.reason).toContain("shop.order.place of step b could not be undone");
  expect(first.reason).toContain("The shop is closed.");
  refusals = [down()];
  await decide(runtime, runId, first, "approve");
  const second = await pendingApproval(runId, first.approval_id);
  await decide(runtime, runId, second, "deny");
  expect(await endOf(runId)).toMatchObject({
    compensation: {
      outcome: "failed",
      undone: 1,
      left: [{ step_id: "b", reason: "it could not be undone" }],
    },
  });
  expect(calls.slice(2)).toEqual([
    "withdraw id of b",
    "withdraw id of b",
    "withdraw id of b",
    "withdraw id of a",
  ]);
  expect([...standing]).toEqual(["b"]);
});

test("an undoing whose outcome is unknown is sent again when people say so, as the same effect", async () => {
  refusals = [
    new InvocationError("upstream_timeout", "No answer.", {
      possiblySent: true,
      isServiceFault: false,
    }),
  ];
  const runtime = await start();
  const { runId } = await startInlineRun(runtime, "test.saga");
  const approval = await pendingApproval(runId);
  expect(approval).toMatchObject({
    kind: "in_doubt",
    payload: { capability_id: "shop.order.withdraw" },
  });
  const answer = { ...approval.payload, outcome: "not_happened" };
  await decide(runtime, runId, { ...approval, payload: answer }, "approve");
  expect(await endOf(runId)).toMatchObject({ compensation: { outcome: "completed", undone: 2 } });
  const { rows } = await database.pool.query(
    "SELECT step_path, status, attempts FROM effects WHERE run_id = $1 AND compensates_effect_id IS NOT NULL ORDER BY sequence",
    [runId],
  );
  expect(rows).toEqual([
    { step_path: "b", status: "recorded", attempts: 2 },
    { step_path: "a", status: "recorded", attempts: 1 },
  ]);
});

test("an undoing in doubt that is found out about after the end marks what it undid", async () => {
  refusals = [
    new InvocationError("upstream_timeout", "No answer.", {
      possiblySent: true,
      isServiceFault: false,
    }),
  ];
  const runtime = await start();
  const { runId } = await startInlineRun(runtime, "test.waiting_saga");
  await probe.until(runId, "waiting_for_signal");
  await cancel(runtime, runId, true);
  await decide(runtime, runId, await pendingApproval(runId), "deny");
  expect(await endOf(runId)).toMatchObject({ compensation: { outcome: "failed", undone: 0 } });
  const asked = (await probe.events(runId)).find(
    ({ event_type: type }) => type === "side_effect.in_doubt",
  );
  const { effect_id } = z.object({ effect_id: z.string() }).parse(asked?.payload);
  const resume = () =>
    runtime.command({ tenantId: INLINE_TENANT, runId, actor: "ada", kind: "resume" });
  // Until somebody knows, its later steps may build on what is gone.
  await expect(resume()).rejects.toMatchObject({
    code: "invalid_transition",
    hint: expect.stringMatching(/undone.*replay it/) as unknown,
  });
  const approver = { actor: "bob", name: "Bob", ids: ["bob"], roles: ["approver"], groups: [] };
  await runtime.command({
    tenantId: INLINE_TENANT,
    runId,
    actor: "bob",
    kind: "resolve",
    payload: { effect_id, outcome: "happened", result: { id: "a" }, approver },
  });
  await expectToRedrive(runId);
  const { rows } = await database.pool.query(
    "SELECT status FROM effects WHERE run_id = $1 ORDER BY sequence",
    [runId],
  );
  expect(rows).toEqual([{ status: "compensated" }, { status: "recorded" }]);
  await expect(resume()).rejects.toMatchObject({ code: "invalid_transition" });
});

test("a question about an undoing survives the process that asked it", async () => {
  refusals = [new DomainError("invalid_request", "Not yet.")];
  const first = await start();
  const { runId } = await startInlineRun(first, "test.saga");
  const approval = await pendingApproval(runId);
  await first.stop();
  const { events } = await database.pool
    .query(
      "SELECT count(*)::int AS events FROM runs WHERE run_id = $1 AND owner_worker_id IS NULL",
      [runId],
    )
    .then(({ rows }) => rows[0]);
  expect(events).toBe(1);
  await decide(await start(), runId, approval, "approve");
  expect(await endOf(runId)).toMatchObject({ compensation: { outcome: "completed", undone: 2 } });
  expect(calls).toEqual([
    "place a",
    "place b",
    "withdraw id of b",
    "withdraw id of b",
    "withdraw id of a",
  ]);
});

test("all at once, one that fails keeps no other from being undone", async () => {
  refusals = [new DomainError("invalid_request", "Not this one.")];
  const runtime = await start();
  const { runId } = await startInlineRun(runtime, "test.at_once");
  await expect
    .poll(() => calls.slice(2).toSorted(), { timeout: 10_000 })
    .toEqual(["withdraw id of a", "withdraw id of b"]);
  await decide(runtime, runId, await pendingApproval(runId), "approve");
  expect(await endOf(runId)).toMatchObject({ compensation: { outcome: "completed", undone: 2 } });
  expect(standing.size).toBe(0);
});

test("effects of nested runs are undone where their step stands, and the ledger of the nested run says so", async () => {
  const runtime = await start();
  const { runId } = await startInlineRun(runtime, "test.outer");
  await probe.until(runId, "waiting_for_signal");
  await cancel(runtime, runId, true);
  expect(await endOf(runId)).toMatchObject({ compensation: { outcome: "completed", undone: 4 } });
  expect(calls.slice(4)).toEqual([
    "withdraw id of b",
    "withdraw id of y",
    "withdraw id of x",
    "withdraw id of a",
  ]);
  const { rows } = await database.pool.query(
    "SELECT status FROM effects WHERE run_id IN (SELECT run_id FROM runs WHERE parent_run_id = $1)",
    [runId],
  );
  expect(rows).toEqual([{ status: "compensated" }, { status: "compensated" }]);
});

test("each occurrence of a loop is undone", async () => {
  const runtime = await start();
  const { runId } = await startInlineRun(runtime, "test.each", { values: ["p", "q", "r"] });
  await probe.until(runId, "waiting_for_signal");
  await cancel(runtime, runId, true);
  expect(await endOf(runId)).toMatchObject({ compensation: { outcome: "completed", undone: 3 } });
  expect(standing.size).toBe(0);
});

test("a second cancelation while it undoes changes nothing, and one after its end is refused", async () => {
  refusals = [new DomainError("invalid_request", "Not yet.")];
  const runtime = await start();
  const { runId } = await startInlineRun(runtime, "test.waiting");
  await probe.until(runId, "waiting_for_signal");
  await cancel(runtime, runId, true);
  const approval = await pendingApproval(runId);
  await cancel(runtime, runId, true);
  await cancel(runtime, runId, false);
  expect((await probe.row(runId)).status).toBe("compensating");
  await decide(runtime, runId, approval, "approve");
  expect(await endOf(runId)).toMatchObject({ compensation: { outcome: "completed", undone: 2 } });
  await expect(cancel(runtime, runId, true)).rejects.toMatchObject({ code: "invalid_transition" });
  expect(calls.filter((call) => call === "withdraw id of a")).toHaveLength(1);
});

test("a run that is paused, and one that has done nothing, can be canceled so as well", async () => {
  const runtime = await start();
  const paused = await startInlineRun(runtime, "test.slow");
  await expect.poll(() => calls, { timeout: 10_000 }).toContain("place a");
  await runtime.command({
    tenantId: INLINE_TENANT,
    runId: paused.runId,
    actor: "ada",
    kind: "pause",
  });
  await cancel(runtime, paused.runId, true);
  expect(await endOf(paused.runId)).toMatchObject({ compensation: { outcome: "completed" } });
  const idle = await startInlineRun(runtime, "test.idle");
  await probe.until(idle.runId, "waiting_for_signal");
  await cancel(runtime, idle.runId, true);
  expect(await endOf(idle.runId)).not.toHaveProperty("compensation");
});

test("people who deny end a run that undoes by itself", async () => {
  const runtime = await start();
  const { runId } = await startInlineRun(runtime, "test.approved");
  await decide(runtime, runId, await pendingApproval(runId), "deny");
  expect(await endOf(runId)).toMatchObject({
    type: "run.canceled",
    compensation: { outcome: "completed", undone: 1 },
  });
});

test("going forward, a step that fails has more attempts instead of anything being undone", async () => {
  failuresLeft = 2;
  const { runId } = await startInlineRun(await start(), "test.forward");
  expect(await endOf(runId)).toMatchObject({ type: "run.completed" });
  expect(calls).toEqual(["place a"]);
  failuresLeft = 9;
  const exhausted = await startInlineRun(await start(), "test.forward");
  expect(await endOf(exhausted.runId)).toMatchObject({ type: "run.failed", step_id: "flaky" });
  expect(failuresLeft).toBe(6);
  expect(calls).toEqual(["place a", "place a"]);
});

test("what was undone is not resumed; a replay does it again under another key and reuses what stands", async () => {
  const runtime = await start();
  const { runId } = await startInlineRun(runtime, "test.waiting");
  await probe.until(runId, "waiting_for_signal");
  await cancel(runtime, runId, true);
  await probe.untilEnded(runId);
  await expect(
    runtime.command({ tenantId: INLINE_TENANT, runId, actor: "ada", kind: "resume" }),
  ).rejects.toMatchObject({ code: "invalid_transition" });
  const before = calls.length;
  const replay = async () => {
    const { runId: replayId } = await runtime.replayRun({
      tenantId: INLINE_TENANT,
      sourceRunId: runId,
      through: (await probe.row(runId)).head_sequence,
      checkpointId: null,
      inputs: null,
      version: null,
      environment: null,
      isHeld: false,
      actor: "ada",
    });
    await probe.until(replayId, "waiting_for_signal");
    return replayId;
  };
  const first = await replay();
  expect(calls.slice(before)).toEqual(["place a", "place b"]);
  await replay();
  expect(calls.slice(before)).toEqual(["place a", "place b"]);
  await cancel(runtime, first, true);
  expect(await endOf(first)).toMatchObject({ compensation: { outcome: "completed", undone: 2 } });
  await replay();
  expect(calls.slice(before)).toEqual([
    "place a",
    "place b",
    "withdraw id of b",
    "withdraw id of a",
    "place a",
    "place b",
  ]);
  const { rows } = await database.pool.query(
    "SELECT idempotency_key FROM effects WHERE step_path = 'a' AND occurrence = '' AND status <> 'reused' AND run_id IN (SELECT run_id FROM runs WHERE lineage_root_run_id = $1)",
    [runId],
  );
  expect(new Set(rows.map((row) => row.idempotency_key)).size).toBe(3);
  expect(rows).toHaveLength(3);
});

test("a choice that has people asked about a replayed call does not have them asked about undoing it", async () => {
  const runtime = await start();
  const { runId: sourceRunId } = await startInlineRun(runtime, "test.waiting");
  await probe.until(sourceRunId, "waiting_for_signal");
  const { runId } = await runtime.replayRun({
    tenantId: INLINE_TENANT,
    sourceRunId,
    through: 0,
    checkpointId: null,
    inputs: null,
    version: null,
    environment: null,
    overrides: { a: "require_human" },
    isHeld: false,
    actor: "ada",
  });
  await decide(runtime, runId, await pendingApproval(runId), "approve");
  await probe.until(runId, "waiting_for_signal");
  await cancel(runtime, runId, true);
  expect(await endOf(runId)).toMatchObject({ compensation: { outcome: "completed", undone: 1 } });
  const types = await probe.typesOf(runId);
  expect(types.filter((type) => type === "approval.requested")).toHaveLength(1);
});

/** Changes what is stored of the runs nested in a run, and hands back how to put it right. */
async function damageNested(runId: string, from: string, to: string): Promise<() => Promise<void>> {
  const { rows } = await database.pool.query<{ run_id: string; body: Buffer; first_seq: number }>(
    `SELECT s.run_id, s.first_seq, s.body FROM event_segments s JOIN runs r USING (tenant_id, run_id)
     WHERE r.parent_run_id = $1`,
    [runId],
  );
  const write = async (change: (body: string) => string) => {
    for (const { run_id: id, first_seq: first, body } of rows)
      await database.pool.query(
        "UPDATE event_segments SET body = $3 WHERE run_id = $1 AND first_seq = $2",
        [id, first, Buffer.from(change(body.toString()))],
      );
  };
  await write((body) => body.replaceAll(from, to));
  return () => write((body) => body);
}

const NOT_UNDONE = {
  outcome: "failed",
  undone: 0,
  error: { code: "invalid_configuration", message: expect.stringContaining("damaged") },
};

test.each([
  ["does not fit its hashes", '"id of x"', '"id of z"'],
  ["cannot be read", "[[", "(("],
])(
  "a nested history that %s ends a cancelation that says so; restored, it is undone",
  async (_, from, to) => {
    const runtime = await start();
    const { runId } = await startInlineRun(runtime, "test.outer");
    await probe.until(runId, "waiting_for_signal");
    const restore = await damageNested(runId, from, to);
    await cancel(runtime, runId, true);
    expect(await endOf(runId)).toMatchObject({ type: "run.canceled", compensation: NOT_UNDONE });
    expect([...standing]).toEqual(["a", "x", "y", "b"]);

    await restore();
    await runtime.command({ tenantId: INLINE_TENANT, runId, actor: "ada", kind: "resume" });
    await probe.until(runId, "waiting_for_signal");
    await cancel(runtime, runId, true);
    expect(await endOf(runId)).toMatchObject({ compensation: { outcome: "completed", undone: 4 } });
    expect(standing.size).toBe(0);
  },
);

test("a run that undoes by itself ends where a nested history is damaged, instead of looking again for ever", async () => {
  const runtime = await start();
  const { runId } = await startInlineRun(runtime, "test.outer_saga");
  await probe.until(runId, "waiting_for_signal");
  await damageNested(runId, "[[", "((");
  await runtime.command({
    tenantId: INLINE_TENANT,
    runId,
    actor: "ada",
    kind: "signal",
    signalId: "sig_1",
    name: "go",
    payload: {},
  });
  expect(await endOf(runId)).toMatchObject({
    type: "run.failed",
    step_id: "fail",
    compensation: NOT_UNDONE,
  });
});
