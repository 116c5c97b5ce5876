import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { PERMISSIONS } from "../../core/permissions.ts";
import {
  ApprovalAnswerSchema,
  ApprovalDetailSchema,
  ApprovalSummarySchema,
} from "../api/approval-schemas.ts";
import { listOf } from "../api/list-schemas.ts";
import { EMPTY_REGISTRY } from "../api/testing/empty-registry.ts";
import { startTestApi, type TestApi } from "../api/testing/start-test-api.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { inlineCatalog } from "../runtime/testing/inline-catalog.ts";
import {
  INLINE_TENANT,
  startInlineRun,
  startInlineRuntime,
} from "../runtime/testing/inline-runtime.ts";
import { RunProbe } from "../runtime/testing/run-probe.ts";

const ask = (id: string, input: object) => ({
  id,
  uses: "wait.approval",
  input: { reason: `May ${id}?`, payload: { amount: 10 }, ...input },
  config: { depends_on: [] },
});
const skill = (id: string, steps: object[]) => ({
  id,
  version: "1.0.0",
  name: id,
  description: id,
  steps,
});
const catalog = inlineCatalog({
  capabilities: [],
  skills: [
    skill("test.one", [ask("pay", { timeout_seconds: 3600 })]),
    skill("test.two", [ask("pay", { quorum: 2 }), ask("ship", { approvers: { users: ["x"] } })]),
  ],
});

let api: TestApi;
let runtime: Runtime;
let probe: RunProbe;
let ada: string;
let bob: string;
let operator: string;
beforeAll(async () => {
  api = await startTestApi({ registry: EMPTY_REGISTRY, catalog });
  await api.addTenant(INLINE_TENANT);
  ada = await api.addSession(INLINE_TENANT, "approver");
  bob = await api.addSession(INLINE_TENANT, "approver");
  operator = await api.addSession(INLINE_TENANT, "operator");
  const { pool, connectionString } = api.database;
  runtime = await startInlineRuntime({ pool, connectionString, catalog, functions: {} });
  // The test's API stores histories of its own; commands go to the engine beside it.
  api.runtime.command = (request) => runtime.command(request);
  probe = new RunProbe(api.database);
  return async () => {
    await runtime.stop();
    await api.close();
  };
});

const AnyError = z.object({ error: z.looseObject({ code: z.string(), message: z.string() }) });

async function send(who: string, path: string, body?: object) {
  const response = await fetch(`${api.baseUrl}/api/v1${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      ...(who.startsWith("orca_") ? { authorization: `Bearer ${who}` } : { cookie: who }),
      "content-type": "application/json",
      "sec-fetch-site": "same-origin",
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json();
  return { status: response.status, answer };
}

async function refusal(work: ReturnType<typeof send>) {
  const { status, answer } = await work;
  return [status, AnyError.parse(answer).error.code];
}

async function list(who: string, query: string) {
  const { answer } = await send(who, `/approvals?${query}`);
  return listOf(ApprovalSummarySchema).parse(answer).items;
}

async function started(skillId: string): Promise<string> {
  const { runId } = await startInlineRun(runtime, skillId);
  await probe.until(runId, "waiting_for_human");
  return runId;
}

async function pendingOf(runId: string, stepId = "pay") {
  const found = (await list(ada, `run_id=${runId}`)).find(({ step_id: id }) => id === stepId);
  return found ?? expect.fail(`no approval of ${stepId}`);
}

const idOf = ({ approval_id: id }: { approval_id: string }) => id;

describe("lists", () => {
  let one: string;
  let two: string;
  beforeEach(async () => {
    one = await started("test.one");
    two = await started("test.two");
  });

  test("hold what is pending, with whether the caller may decide it", async () => {
    const items = await list(ada, `status=pending&run_id=${two}`);
    const blocked = items.map(({ step_id: id, blocked_because: why }) => [id, why]);
    expect(Object.fromEntries(blocked)).toEqual({ pay: null, ship: "Only x may decide this." });
    const [mine] = await list(ada, `eligible=true&run_id=${two}`);
    expect(mine).toMatchObject({ step_id: "pay", quorum: 2, risk: "medium", status: "pending" });
    expect(await list(operator, `eligible=true&run_id=${two}`)).toEqual([]);
    expect((await list(operator, `run_id=${one}`))[0]?.blocked_because).toBe(
      "Only approver may decide this.",
    );
    const { answer } = await send(ada, `/runs/${two}/approvals`);
    expect(listOf(ApprovalSummarySchema).parse(answer).items).toHaveLength(2);
  });

  test("go on page by page without a gap or a repeat", async () => {
    const all = await list(ada, "limit=500");
    const found: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const query: string = cursor === "" ? "" : `&cursor=${cursor}`;
      const { answer } = await send(ada, `/approvals?limit=2${query}`);
      const page: { items: { approval_id: string }[]; next_cursor: string | null } =
        listOf(ApprovalSummarySchema).parse(answer);
      found.push(...page.items.map(idOf));
      cursor = page.next_cursor;
    }
    expect(found).toEqual(all.map(idOf));
    expect(new Set(found).size).toBe(found.length);
  });
});

describe("one approval", () => {
  test("is shown with its exact payload, claimed, edited and decided, and twice is once", async () => {
    const runId = await started("test.one");
    const { approval_id: id, payload_hash: hash } = await pendingOf(runId);
    const claimed = await send(bob, `/approvals/${id}/claim`, {});
    expect(ApprovalAnswerSchema.parse(claimed.answer).approval.claimed_by?.name).toBe("Ada");
    const body = { decision: "approve", payload_hash: hash, payload: { amount: 8 }, comment: "ok" };
    const [first, sameTime] = await Promise.all([
      send(ada, `/approvals/${id}/decide`, body),
      send(ada, `/approvals/${id}/decide`, body),
    ]);
    expect(sameTime.status).toBe(200);
    expect([first.status, ApprovalAnswerSchema.parse(first.answer).approval.status]).toEqual([
      200,
      "approved",
    ]);
    expect(await send(ada, `/approvals/${id}/decide`, body)).toEqual(first);
    await probe.until(runId, "completed");
    expect(await send(ada, `/approvals/${id}/decide`, body)).toEqual(first);
    const other = { ...body, payload: { amount: 9 } };
    expect(await refusal(send(ada, `/approvals/${id}/decide`, other))).toEqual([
      409,
      "approval_not_pending",
    ]);
    expect((await probe.typesOf(runId)).filter((type) => type === "approval.decided")).toHaveLength(
      1,
    );
    const detail = ApprovalDetailSchema.parse((await send(ada, `/approvals/${id}`)).answer);
    expect(detail).toMatchObject({
      payload: { amount: 8 },
      decisions: [{ comment: "ok", changes: [{ path: "amount", before: 10, after: 8 }] }],
    });
  });

  test("is decided once and answered twice, also while the decision is being written down", async () => {
    const runId = await started("test.one");
    const { approval_id: id, payload_hash: hash } = await pendingOf(runId);
    const { pool } = api.database;
    const blocker = await pool.connect();
    await blocker.query("BEGIN; LOCK TABLE event_segments IN SHARE MODE");
    const body = { decision: "approve", payload_hash: hash };
    const both = [1, 2].map(() => send(ada, `/approvals/${id}/decide`, body));
    const commands = async () =>
      (
        await pool.query<{ stored: number; settled: number }>(
          "SELECT count(*)::int AS stored, count(applied_at)::int AS settled FROM run_commands WHERE run_id = $1",
          [runId],
        )
      ).rows[0];
    try {
      await expect.poll(async () => (await commands())?.stored, { timeout: 20_000 }).toBe(2);
      // Long enough for the second to have been looked at; nothing that rests on the first may be told meanwhile.
      for (let looks = 0; looks < 10; looks += 1) {
        expect((await commands())?.settled).toBe(0);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    } finally {
      await blocker.query("COMMIT");
      blocker.release();
    }
    expect((await Promise.all(both)).map(({ status }) => status)).toEqual([200, 200]);
  });

  test("is refused to the wrong person, with an outdated hash, without a reason, and once decided", async () => {
    const runId = await started("test.one");
    const { approval_id: id, payload_hash: hash } = await pendingOf(runId);
    const decide = (who: string, more: object = {}) =>
      send(who, `/approvals/${id}/decide`, { decision: "approve", payload_hash: hash, ...more });
    expect(await refusal(decide(operator))).toEqual([403, "forbidden"]);
    expect(await refusal(decide(ada, { payload_hash: "sha256:old" }))).toEqual([
      409,
      "payload_changed",
    ]);
    expect(await refusal(decide(ada, { decision: "deny" }))).toEqual([400, "invalid_request"]);
    expect(await refusal(send(operator, `/approvals/${id}/claim`, {}))).toEqual([403, "forbidden"]);
    expect((await decide(ada, { decision: "deny", comment: "no" })).status).toBe(200);
    await probe.until(runId, "canceled");
    expect(await refusal(decide(bob))).toEqual([409, "approval_not_pending"]);
    expect(await refusal(decide(ada))).toEqual([409, "approval_not_pending"]);
    expect(await refusal(send(ada, `/approvals/${id}/claim`, {}))).toEqual([
      409,
      "approval_not_pending",
    ]);
  });

  test("of another tenant is answered as an unknown one", async () => {
    const runId = await started("test.one");
    const { approval_id: id } = await pendingOf(runId);
    await api.addTenant(`other${id}`);
    const stranger = await api.addKey(`other${id}`, PERMISSIONS);
    const body = { decision: "approve", payload_hash: "x" };
    for (const asked of [id, "apr_nobody_1", "apr", "x_y_1"]) {
      expect(await refusal(send(stranger, `/approvals/${asked}`))).toEqual([404, "not_found"]);
      expect(await refusal(send(stranger, `/approvals/${asked}/decide`, body))).toEqual([
        404,
        "not_found",
      ]);
      expect(await refusal(send(stranger, `/approvals/${asked}/claim`, {}))).toEqual([
        404,
        "not_found",
      ]);
    }
    expect(await refusal(send(stranger, `/runs/${runId}/approvals`))).toEqual([
      404,
      "run_not_found",
    ]);
    expect(await list(stranger, "limit=10")).toEqual([]);
  });
});

describe("the one approval of a run", () => {
  test("is decided by the run, by a key whose scope is to decide", async () => {
    const runId = await started("test.one");
    const key = await api.addKey(INLINE_TENANT, ["approval:decide"]);
    expect((await send(key, `/runs/${runId}/approve`, {})).status).toBe(200);
    await probe.until(runId, "completed");
    expect(await refusal(send(key, `/runs/${runId}/deny`, { comment: "late" }))).toEqual([
      409,
      "approval_not_pending",
    ]);
  });

  test("is not guessed where there are several", async () => {
    const runId = await started("test.two");
    expect(await refusal(send(ada, `/runs/${runId}/approve`, {}))).toEqual([
      409,
      "approval_not_pending",
    ]);
    expect((await pendingOf(runId)).decisions).toEqual([]);
  });
});
