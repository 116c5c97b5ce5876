import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { DomainError } from "../../core/errors.ts";
import type { PolicySource } from "../../core/policy.ts";
import type { TrustLevel } from "../../core/trust.ts";
import { createTestDatabase, type TestDatabase } from "../database/test-database.ts";
import type { ReplayWish } from "./replay-planner.ts";
import type { Runtime } from "./runtime.ts";
import { inlineCatalog } from "./testing/inline-catalog.ts";
import { inlinePlanner, replayWish } from "./testing/inline-planner.ts";
import { INLINE_TENANT, startInlineRun, startInlineRuntime } from "./testing/inline-runtime.ts";
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
