import { beforeAll, expect, test } from "vitest";
import { DomainError } from "../../core/errors.ts";
import { PERMISSIONS } from "../../core/permissions.ts";
import type { CompensationView } from "../../core/run-view.ts";
import { CompensationViewSchema } from "../api/run-schemas.ts";
import { EMPTY_REGISTRY } from "../api/testing/empty-registry.ts";
import { startTestApi, type TestApi } from "../api/testing/start-test-api.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { inlineCatalog } from "../runtime/testing/inline-catalog.ts";
import {
  INLINE_TENANT,
  startInlineRun,
  startInlineRuntime,
} from "../runtime/testing/inline-runtime.ts";
import { answerQuestion, lastQuestion } from "../runtime/testing/questions.ts";
import { RunProbe } from "../runtime/testing/run-probe.ts";

const place = (id: string) => ({
  id,
  uses: "shop.order.place",
  input: { value: id },
  output: { id: `vars.${id}` },
});
const wait = (id: string) => ({ id, uses: "wait.signal", input: { name: id } });
const catalog = inlineCatalog({
  capabilities: [
    {
      id: "shop.order.place",
      effect: "write",
      outputs: ["id"],
      compensation: { capability: "shop.order.withdraw", input: { value: "outputs.id" } },
    },
    { id: "shop.order.withdraw", effect: "write", outputs: ["id"] },
  ],
  skills: [
    {
      id: "test.orders",
      version: "1.0.0",
      name: "orders",
      description: "orders",
      steps: [place("a"), wait("first"), place("b"), wait("second")],
    },
  ],
});

let api: TestApi;
let runtime: Runtime;
let key: string;
let probe: RunProbe;
let isRefused = true;
beforeAll(async () => {
  api = await startTestApi({ registry: EMPTY_REGISTRY, catalog });
  await api.addTenant(INLINE_TENANT);
  key = await api.addKey(INLINE_TENANT, PERMISSIONS);
  probe = new RunProbe(api.database);
  runtime = await startInlineRuntime({
    pool: api.database.pool,
    connectionString: api.database.connectionString,
    catalog,
    functions: {
      "shop.order.place": ({ value }) => ({ id: value ?? null }),
      "shop.order.withdraw": ({ value }) => {
        if (isRefused) throw new DomainError("invalid_request", "Not withdrawn.");
        return { id: value ?? null };
      },
    },
  });
  return async () => {
    await runtime.stop();
    await api.close();
  };
});

async function compensationOf(runId: string): Promise<CompensationView> {
  const answer = await api.call(`/api/v1/runs/${runId}/compensation`, {
    headers: { authorization: `Bearer ${key}` },
  });
  return CompensationViewSchema.parse(await answer.json());
}

test("tells what would be undone now, what is being undone, and, after a resume, what would be again", async () => {
  const { runId } = await startInlineRun(runtime, "test.orders");
  const command = (request: { kind: "resume" } | { kind: "cancel"; compensate: true }) =>
    runtime.command({ tenantId: INLINE_TENANT, runId, actor: "ada", ...request });
  await probe.until(runId, "waiting_for_signal");
  expect(await compensationOf(runId)).toMatchObject({ begun_at: null, undo: [{ step_id: "a" }] });

  await command({ kind: "cancel", compensate: true });
  await expect
    .poll(() => probe.typesOf(runId), { timeout: 10_000 })
    .toContain("approval.requested");
  expect(await compensationOf(runId)).toMatchObject({
    begun_at: expect.any(String),
    undo: [{ step_id: "a", is_undone: false }],
  });
  await answerQuestion(runtime, runId, await lastQuestion(probe, runId), null, "Leave it.");
  await probe.until(runId, "canceled");

  isRefused = false;
  await command({ kind: "resume" });
  await probe.until(runId, "waiting_for_signal");
  await runtime.command({
    tenantId: INLINE_TENANT,
    runId,
    actor: "ada",
    kind: "signal",
    signalId: "sig_first",
    name: "first",
    payload: {},
  });
  await expect
    .poll(async () => (await compensationOf(runId)).undo.map((effect) => effect.step_id), {
      timeout: 10_000,
    })
    .toEqual(["b", "a"]);
  expect((await compensationOf(runId)).begun_at).toBeNull();
  await probe.until(runId, "waiting_for_signal");
  await command({ kind: "cancel", compensate: true });
  await probe.until(runId, "canceled");
  expect((await compensationOf(runId)).undo.map((effect) => effect.is_undone)).toEqual([
    true,
    true,
  ]);
});
