import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { DomainError } from "../../core/errors.ts";
import type { PolicySource } from "../../core/policy.ts";
import type { TrustLevel } from "../../core/trust.ts";
import { insertCommand, readCommandOutcome } from "../database/command-repository.ts";
import { createTestDatabase, type TestDatabase } from "../database/test-database.ts";
import type { ReplayWish } from "./replay-wish.ts";
import type { Runtime } from "./runtime.ts";
import { inlineCatalog } from "./testing/inline-catalog.ts";
import { inlinePlanner, replayWish } from "./testing/inline-planner.ts";
import { INLINE_TENANT, startInlineRun, startInlineRuntime } from "./testing/inline-runtime.ts";
import { redriveAll } from "./testing/redrive-all.ts";
import { RunProbe } from "./testing/run-probe.ts";

/** What policy makes of replays, forks and resumes: their plans say it, and it is what happens. */

let database: TestDatabase;
let probe: RunProbe;
beforeAll(async () => {
  database = await createTestDatabase();
  probe = new RunProbe(database);
});
afterAll(() => database.drop());

let runtime: Runtime;
let policies: PolicySource[];
let posts: number;
let isBroken: boolean;
beforeEach(async () => {
  policies = [];
  posts = 0;
  isBroken = false;
  runtime = await openRuntime();
});
afterEach(() => runtime.stop());

const CATALOG = inlineCatalog({
  capabilities: [
    { id: "test.text.look", outputs: ["value"] },
    {
      id: "test.text.post",
      outputs: ["value"],
      inputs: { value: { type: "string" } },
      effect: "external_action",
      safety: { trust_level: "elevated", data_classification: "pii" },
    },
  ],
  skills: [
    {
      id: "test.post",
      version: "1.0.0",
      name: "Post",
      description: "Looks and posts.",
      inputs: { value: {} },
      steps: [
        { id: "look", uses: "test.text.look", input: {} },
        {
          id: "post",
          uses: "test.text.post",
          input: { value: "inputs.value" },
          output: { value: "outputs.v" },
        },
        { id: "after", uses: "test.text.look", input: { value: "outputs.v" } },
      ],
    },
  ],
});

function openRuntime(): Promise<Runtime> {
  return startInlineRuntime({
    pool: database.pool,
    connectionString: database.connectionString,
    catalog: CATALOG,
    policies,
    functions: {
      "test.text.look": ({ value = null }) => ({ value }),
      "test.text.post": ({ value = null }) => {
        if (isBroken) throw new DomainError("invalid_request", "It refuses.");
        posts += 1;
        return { value };
      },
    },
  });
}

const planner = () =>
  inlinePlanner(
    database.pool,
    () => CATALOG,
    () => policies,
  );
const base = { tenantId: INLINE_TENANT, actor: "test" };

async function made(trust: TrustLevel = "elevated"): Promise<string> {
  const { runId } = await startInlineRun(runtime, "test.post", { value: "x" }, { trust });
  await probe.untilEnded(runId);
  return runId;
}

const words = (rows: readonly { decision: string; reason: string }[]) =>
  rows.map(({ decision, reason }) => `${decision}: ${reason}`);

describe("who is trusted less than whoever started a run", () => {
  test.each(["replay", "fork"] as const)(
    "sees in the plan of a %s what it may not do, and does just that",
    async (operation) => {
      const source = await made();
      const wish = replayWish(source, { operation, stepId: "post" });
      const trusted = await planner().plan({ ...wish, trust: "elevated" });
      const plain = await planner().plan({ ...wish, trust: "standard" });
      expect(trusted.planHash).not.toBe(plain.planHash);
      expect(trusted.rows.map(({ decision }) => decision)).toEqual(["reuse", "reuse", "run"]);
      expect(words(plain.rows)).toEqual([
        "reuse: its recorded result is taken",
        'blocked: policy forbids it: it requires the trust level "elevated", and the run has "standard"',
        "skip: the run ends before it, unless it begins at the same time",
      ]);
      expect(plain.rows[1]?.is_certain).toBe(true);
      const { request } = plain;
      if (request === null) throw new Error("A replay is a new run.");
      const { runId } = await runtime.replayRun({ ...request, ...base, isHeld: false });
      expect(await probe.untilEnded(runId)).toMatchObject({
        status: "failed",
        error: { code: "safety_denied" },
      });
      expect(posts).toBe(1);
    },
  );

  test("is held to the same by whoever is trusted more than the run was", async () => {
    const source = await made("standard");
    const wish: ReplayWish = replayWish(source);
    const plans = await Promise.all(
      (["standard", "privileged"] as const).map((trust) => planner().plan({ ...wish, trust })),
    );
    expect(plans[0]?.planHash).toBe(plans[1]?.planHash);
    expect(plans[0]?.rows[1]?.decision).toBe("blocked");
  });
});

test("an input that a capability refuses is planned as the failure that it is", async () => {
  const source = await made();
  const wish = replayWish(source, { inputs: { value: 7 }, trust: "elevated" });
  const { rows, request } = await planner().plan(wish);
  expect(rows.map(({ decision }) => decision)).toEqual(["run", "run", "skip"]);
  expect(rows[1]?.reason).toMatch(/^it fails: /);
  if (request === null) throw new Error("A replay is a new run.");
  const { runId } = await runtime.replayRun({ ...request, ...base, isHeld: false });
  expect(await probe.untilEnded(runId)).toMatchObject({ error: { code: "invalid_request" } });
});

/** A run that has failed at its post, which policy let out by then. */
async function failed(): Promise<string> {
  isBroken = true;
  const runId = await made();
  isBroken = false;
  return runId;
}

/** Another process, under what the environment says by then. */
async function reopen(change: PolicySource[]): Promise<void> {
  await runtime.stop();
  policies = change;
  runtime = await openRuntime();
}

describe("a policy that was tightened between a failure and the resume", () => {
  test("holds for what is still to be done, as the plan says", async () => {
    const runId = await failed();
    const before = await planner().plan(replayWish(runId, { operation: "resume" }));
    await reopen([{ max_data_classification: "internal" }]);
    const { rows, planHash } = await planner().plan(replayWish(runId, { operation: "resume" }));
    expect(planHash).not.toBe(before.planHash);
    expect(words(rows)).toEqual([
      "reuse: it has ended and is not run again",
      'blocked: policy forbids it: it handles "pii" data, and the ceiling is "internal"',
      "skip: the run ends before it, unless it begins at the same time",
    ]);
    await runtime.command({ ...base, runId, kind: "resume", planHash });
    await vi.waitUntil(async () => (await probe.typesOf(runId)).includes("policy.evaluated"), {
      timeout: 15_000,
    });
    expect(await probe.untilEnded(runId)).toMatchObject({
      status: "failed",
      error: { code: "data_classification_denied" },
    });
    expect(posts).toBe(0);
    const resumed = (await probe.events(runId)).find(
      ({ event_type: type }) => type === "run.resumed",
    );
    expect(resumed?.payload["policy_hash"]).toMatch(/^sha256:/);
  });

  test("that is loosened again lets no run do more than it was started for", async () => {
    policies = [{ trust_ceiling: "standard" }];
    await reopen(policies);
    const runId = await made();
    await reopen([]);
    const { rows } = await planner().plan(replayWish(runId, { operation: "resume" }));
    expect(rows.map(({ decision }) => decision)).toEqual(["reuse", "blocked", "skip"]);
    await runtime.command({ ...base, runId, kind: "resume" });
    await probe.untilEnded(runId);
    expect(posts).toBe(0);
  });
});

describe("the plan of a resume", () => {
  test("is checked by whoever carries it out, not when it is asked for", async () => {
    const runId = await failed();
    const { planHash } = await planner().plan(replayWish(runId, { operation: "resume" }));
    await runtime.stop();
    const commandId = `cmd_${runId}_resume`;
    await insertCommand(database.pool, {
      ...base,
      runId,
      commandId,
      kind: "resume",
      payload: { plan_hash: planHash },
    });
    // Nobody has taken the command yet when the policy changes.
    policies = [{ max_data_classification: "internal" }];
    runtime = await openRuntime();
    const outcome = await vi.waitUntil(
      async () => {
        const found = await readCommandOutcome(database.pool, INLINE_TENANT, runId, commandId);
        return found?.is_applied === true ? found : undefined;
      },
      { timeout: 15_000 },
    );
    expect(outcome.error?.code).toBe("plan_outdated");
    expect(await probe.row(runId)).toMatchObject({ status: "failed" });
    expect(await probe.typesOf(runId)).not.toContain("run.resumed");
  });

  test("is carried out where nothing has changed, and refused twice", async () => {
    const runId = await failed();
    const { planHash } = await planner().plan(replayWish(runId, { operation: "resume" }));
    const resume = { ...base, runId, kind: "resume" as const, planHash };
    await runtime.command(resume);
    expect(await probe.until(runId, "completed")).toMatchObject({ outputs: { v: "x" } });
    await expect(runtime.command(resume)).rejects.toMatchObject({ code: "invalid_transition" });
    expect(posts).toBe(1);
  });

  test("offers what changes something: that people are asked first, and nothing for what has ended", async () => {
    const runId = await failed();
    const { rows } = await planner().plan(replayWish(runId, { operation: "resume" }));
    expect(rows.map((row) => row.may_become.map(({ policy }) => policy))).toEqual([
      [],
      ["require_human"],
      ["require_human"],
    ]);
  });

  test("knows what the ledger does not hold yet", async () => {
    const runId = await failed();
    const { rowCount } = await database.pool.query(
      "UPDATE effects SET status = 'attempted' WHERE run_id = $1",
      [runId],
    );
    expect(rowCount).toBe(1);
    const { rows } = await planner().plan(replayWish(runId, { trust: "elevated" }));
    expect(rows[1]?.decision).toBe("run");
  });
});

test("all of these histories are re-driven to what was recorded", async () => {
  const { runs, differing } = await redriveAll(database.pool, CATALOG);
  expect(runs).toBeGreaterThan(5);
  expect(differing).toEqual({});
});
