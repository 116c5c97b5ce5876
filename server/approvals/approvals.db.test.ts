import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { PERMISSIONS } from "../../core/permissions.ts";
import {
  ApprovalAnswerSchema,
  ApprovalDetailSchema,
  ApprovalSummarySchema,
} from "../api/approval-schemas.ts";
import { listApprovalRows } from "../database/approval-repository.ts";
import { listOf } from "../api/list-schemas.ts";
import { refusal, startInlineApi, type InlineApi } from "../api/testing/start-inline-api.ts";
import { inlineCatalog } from "../runtime/testing/inline-catalog.ts";
import { INLINE_TENANT, startInlineRun } from "../runtime/testing/inline-runtime.ts";

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
  capabilities: [{ id: "test.pay", effect: "write", requiresConfirmation: true }],
  skills: [
    {
      ...skill("test.named", [{ id: "pay", uses: "test.pay" }]),
      policy: { approvals: { eligible: { users: ["cleo"], groups: ["finance"] } } },
    },
    skill("test.one", [ask("pay", { timeout_seconds: 3600 })]),
    skill("test.two", [ask("pay", { quorum: 2 }), ask("ship", { approvers: { users: ["x"] } })]),
  ],
});

let api: InlineApi;
let ada: string;
let bob: string;
let operator: string;
beforeAll(async () => {
  api = await startInlineApi({ catalog });
  ada = await api.addSession(INLINE_TENANT, "approver");
  bob = await api.addSession(INLINE_TENANT, "approver");
  operator = await api.addSession(INLINE_TENANT, "operator");
  return api.close;
});
const send: InlineApi["send"] = (...request) => api.send(...request);

async function list(who: string, query: string) {
  const { answer } = await send(who, `/approvals?${query}`);
  return listOf(ApprovalSummarySchema).parse(answer).items;
}

async function started(skillId: string): Promise<string> {
  const { runId } = await startInlineRun(api.engine(), skillId);
  await api.probe.until(runId, "waiting_for_human");
  return runId;
}

async function pendingOf(runId: string, stepId = "pay") {
  const found = (await list(ada, `run_id=${runId}`)).find(({ step_id: id }) => id === stepId);
  return found ?? expect.fail(`no approval of ${stepId}`);
}

/** The answers to requests that make so many commands of a run, none of which can be written down before all are there. */
async function whileNothingIsWritten<Answer>(
  runId: string,
  count: number,
  make: () => Promise<Answer>[],
): Promise<Answer[]> {
  const { pool } = api.database;
  const before = (await commandsOf(runId)).stored;
  const blocker = await pool.connect();
  await blocker.query("BEGIN; LOCK TABLE event_segments IN SHARE MODE");
  const answers = make();
  try {
    const stored = async () => (await commandsOf(runId)).stored - before;
    await expect.poll(stored, { timeout: 20_000 }).toBe(count);
    const { settled } = await commandsOf(runId);
    // Long enough for the last to have been looked at; nothing that rests on the first may be told meanwhile.
    for (let looks = 0; looks < 10; looks += 1) {
      expect((await commandsOf(runId)).settled).toBe(settled);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  } finally {
    await blocker.query("COMMIT");
    blocker.release();
  }
  return Promise.all(answers);
}

async function commandsOf(runId: string) {
  const { rows } = await api.database.pool.query<{ stored: number; settled: number }>(
    "SELECT count(*)::int AS stored, count(applied_at)::int AS settled FROM run_commands WHERE run_id = $1",
    [runId],
  );
  return rows[0] ?? { stored: 0, settled: 0 };
}

const Refusal = z.object({
  error: z.object({
    details: z.object({
      approvals: z.array(z.object({ approval_id: z.string(), step_path: z.string() })),
    }),
  }),
});

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
    await api.probe.until(runId, "completed");
    expect(await send(ada, `/approvals/${id}/decide`, body)).toEqual(first);
    const other = { ...body, payload: { amount: 9 } };
    expect(await refusal(send(ada, `/approvals/${id}/decide`, other))).toEqual([
      409,
      "approval_not_pending",
    ]);
    expect(
      (await api.probe.typesOf(runId)).filter((type) => type === "approval.decided"),
    ).toHaveLength(1);
    const detail = ApprovalDetailSchema.parse((await send(ada, `/approvals/${id}`)).answer);
    expect(detail).toMatchObject({
      payload: { amount: 8 },
      decisions: [{ comment: "ok", changes: [{ path: "amount", before: 10, after: 8 }] }],
    });
  });

  test("is decided once and answered twice, also while the decision is being written down", async () => {
    const runId = await started("test.one");
    const { approval_id: id, payload_hash: hash } = await pendingOf(runId);
    const body = { decision: "approve", payload_hash: hash };
    const both = await whileNothingIsWritten(runId, 2, () =>
      [1, 2].map(() => send(ada, `/approvals/${id}/decide`, body)),
    );
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
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
    await api.probe.until(runId, "canceled");
    expect(await refusal(decide(bob))).toEqual([409, "approval_not_pending"]);
    expect(await refusal(decide(ada))).toEqual([409, "approval_not_pending"]);
    expect(await refusal(send(ada, `/approvals/${id}/claim`, {}))).toEqual([
      409,
      "approval_not_pending",
    ]);
  });

  test("is claimed and released as often as one likes, also at the same time", async () => {
    const runId = await started("test.one");
    const { approval_id: id } = await pendingOf(runId);
    expect((await send(ada, `/approvals/${id}/claim`, {})).status).toBe(200);
    expect((await send(ada, `/approvals/${id}/claim`, {})).status).toBe(200);
    const released = await whileNothingIsWritten(runId, 2, () =>
      [1, 2].map(() => send(ada, `/approvals/${id}/release`, {})),
    );
    expect(released.map(({ status }) => status)).toEqual([200, 200]);
    expect((await send(ada, `/approvals/${id}/release`, {})).status).toBe(200);
    expect((await pendingOf(runId)).claimed_by).toBeNull();
  });

  test.each(["a\u0000b", "half \ud800"])(
    "takes no comment %j, which cannot be stored",
    async (comment) => {
      const runId = await started("test.one");
      const { approval_id: id, payload_hash } = await pendingOf(runId);
      for (const [path, body] of [
        [`/approvals/${id}/decide`, { decision: "deny", payload_hash }],
        [`/approvals/${id}/reassign`, { roles: ["operator"] }],
        [`/runs/${runId}/approve`, {}],
        [`/runs/${runId}/deny`, {}],
      ] as const)
        expect(await refusal(send(ada, path, { ...body, comment }))).toEqual([
          400,
          "invalid_request",
        ]);
      expect((await pendingOf(runId)).status).toBe("pending");
    },
  );

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

test("whom a skill alone names is listed as eligible only with the default role", async () => {
  const runId = await started("test.named");
  const rows = (approver: { ids?: string[]; groups?: string[]; roles: string[] }) =>
    listApprovalRows(api.database, INLINE_TENANT, {
      statuses: ["pending"],
      runId,
      eligible: { actor: "usr_cleo", name: "Cleo", ids: [], groups: [], ...approver },
      before: null,
      limit: 10,
    });
  const named = { ids: ["cleo"] };
  expect(await rows({ ...named, roles: ["release_manager"] })).toEqual([]);
  expect(await rows({ roles: ["approver"] })).toEqual([]);
  expect(await rows({ ...named, roles: ["approver"] })).toHaveLength(1);
  expect(await rows({ groups: ["finance"], roles: ["admin"] })).toHaveLength(1);
  expect((await pendingOf(runId)).eligible).toMatchObject({ required_roles: ["approver"] });
});

describe("the one approval of a run", () => {
  test("is decided by the run, by a key whose scope is to decide", async () => {
    const runId = await started("test.one");
    const key = await api.addKey(INLINE_TENANT, ["approval:decide"]);
    expect((await send(key, `/runs/${runId}/approve`, {})).status).toBe(200);
    await api.probe.until(runId, "completed");
    expect(await refusal(send(key, `/runs/${runId}/deny`, { comment: "late" }))).toEqual([
      409,
      "approval_not_pending",
    ]);
  });

  test("is not guessed where there are several, which are listed, but named", async () => {
    const runId = await started("test.two");
    const path = `/runs/${runId}/approve`;
    const told = await send(ada, path, {});
    expect(told.status).toBe(400);
    const { details } = Refusal.parse(told.answer).error;
    expect(details.approvals.map(({ step_path: place }) => place).toSorted()).toEqual([
      "pay",
      "ship",
    ]);
    const { approval_id: id, decisions } = await pendingOf(runId);
    expect(decisions).toEqual([]);
    expect(details.approvals.map(idOf)).toContain(id);
    expect((await send(ada, path, { approval_id: id })).status).toBe(200);
    expect((await pendingOf(runId)).approved_by_count).toBe(1);
    const other = await pendingOf(await started("test.one"));
    expect(await refusal(send(ada, path, { approval_id: other.approval_id }))).toEqual([
      404,
      "not_found",
    ]);
  });

  test("is not decided with the hash of another payload", async () => {
    const runId = await started("test.one");
    const body = { payload_hash: "sha256:old" };
    expect(await refusal(send(ada, `/runs/${runId}/approve`, body))).toEqual([
      409,
      "payload_changed",
    ]);
    const { approval_id: id } = await pendingOf(runId);
    expect(
      await refusal(send(ada, `/runs/${runId}/approve`, { ...body, approval_id: id })),
    ).toEqual([409, "payload_changed"]);
  });
});
