import { beforeAll, expect, test } from "vitest";
import { PERMISSIONS } from "../../core/permissions.ts";
import { redriveRun } from "../../core/redrive.ts";
import { compileSkill } from "../../core/run-plan.ts";
import { listOf } from "../api/list-schemas.ts";
import { EventEnvelopeSchema, RunDetailSchema } from "../api/run-schemas.ts";
import { EMPTY_REGISTRY } from "../api/testing/empty-registry.ts";
import { startTestApi, type TestApi } from "../api/testing/start-test-api.ts";
import { loadRun } from "../database/run-loader.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { inlineCatalog } from "../runtime/testing/inline-catalog.ts";
import {
  INLINE_TENANT,
  startInlineRun,
  startInlineRuntime,
} from "../runtime/testing/inline-runtime.ts";
import { RunProbe } from "../runtime/testing/run-probe.ts";

const gate = (onFail: string) => ({
  trust_level: "standard",
  mandatory_pre_gates: [{ capability: "mail.gate.ask", on_fail: onFail }],
});
const catalog = inlineCatalog({
  capabilities: [
    { id: "mail.gate.ask", outputs: ["allowed"] },
    { id: "mail.warned.send", outputs: ["value"], safety: gate("warn") },
    { id: "mail.degraded.send", outputs: ["value"], safety: gate("degrade") },
    { id: "mail.trusted.send", outputs: ["value"], safety: { trust_level: "privileged" } },
  ],
  skills: [
    {
      id: "test.mail",
      version: "1.0.0",
      name: "Mail",
      description: "Mail.",
      steps: ["warned", "degraded", "trusted"].map((id) => ({ id, uses: `mail.${id}.send` })),
    },
  ],
});

let api: TestApi;
let runtime: Runtime;
let runId: string;
beforeAll(async () => {
  api = await startTestApi({ registry: EMPTY_REGISTRY, catalog });
  await api.addTenant(INLINE_TENANT);
  const { database } = api;
  runtime = await startInlineRuntime({
    pool: database.pool,
    connectionString: database.connectionString,
    catalog,
    functions: {
      "mail.gate.ask": () => ({ allowed: false }),
      "mail.warned.send": () => ({ value: 1 }),
    },
  });
  ({ runId } = await startInlineRun(runtime, "test.mail", {}, { trust: "elevated" }));
  await new RunProbe(database).untilEnded(runId);
  return async () => {
    await runtime.stop();
    await api.close();
  };
});

async function get(path: string): Promise<unknown> {
  const authorization = `Bearer ${await api.addKey(INLINE_TENANT, PERMISSIONS)}`;
  const response = await api.call(`/api/v1/runs/${runId}${path}`, { headers: { authorization } });
  expect(response.status).toBe(200);
  return response.json();
}

test("the API tells which rule warned, degraded and blocked which step, why, and who may override it", async () => {
  const { items } = listOf(EventEnvelopeSchema).parse(await get("/events"));
  const evaluated = items.filter(({ event_type }) => event_type === "policy.evaluated");
  expect(evaluated.map(({ payload }) => payload)).toEqual([
    {
      step_id: "warned",
      rule: "pre_gate",
      outcome: "warned",
      reason: "gate mail.gate.ask does not allow it",
      capability_id: "mail.warned.send",
      gate: "mail.gate.ask",
      may_override: [],
    },
    {
      step_id: "degraded",
      rule: "pre_gate",
      outcome: "degraded",
      reason: "gate mail.gate.ask does not allow it",
      capability_id: "mail.degraded.send",
      gate: "mail.gate.ask",
      may_override: [],
    },
    {
      step_id: "trusted",
      rule: "trust_level",
      outcome: "blocked",
      reason: 'it requires the trust level "privileged", and the run has "elevated"',
      capability_id: "mail.trusted.send",
      may_override: ["admin"],
    },
  ]);
});

test("the run says what blocked it, what to do, and how far it was trusted", async () => {
  const run = RunDetailSchema.parse(await get(""));
  expect(run).toMatchObject({
    status: "failed",
    options: { trust_level: "elevated" },
    error: {
      code: "safety_denied",
      hint: expect.stringContaining("privileged"),
      details: { step_id: "trusted", rule: "trust_level" },
    },
  });
});

test("a run that was warned, degraded and blocked is re-driven without a difference", async () => {
  const stored = await loadRun(api.database.pool, INLINE_TENANT, runId);
  const found = catalog.skill("test.mail", null);
  if (stored === null || found === null) throw new Error("the run or its skill is gone");
  const plan = compileSkill(found.skill, found.contentHash);
  const identity = { tenantId: INLINE_TENANT, runId, traceId: stored.traceId };
  const differences = [...redriveRun(plan, identity, stored.events)].flatMap(
    ({ difference }) => difference ?? [],
  );
  expect(differences).toEqual([]);
});
