import { beforeAll, describe, expect, test } from "vitest";
import { DomainError } from "../../core/errors.ts";
import { PERMISSIONS } from "../../core/permissions.ts";
import type { TrustLevel } from "../../core/trust.ts";
import { ApprovalAnswerSchema, ApprovalSummarySchema } from "../api/approval-schemas.ts";
import { listOf } from "../api/list-schemas.ts";
import { ReplayPlanSchema } from "../api/replay-schemas.ts";
import {
  AnyError,
  refusal,
  startInlineApi,
  type InlineApi,
} from "../api/testing/start-inline-api.ts";
import type { BuiltinModule } from "../runtime/builtins/builtin.ts";
import { inlineCatalog } from "../runtime/testing/inline-catalog.ts";
import { INLINE_TENANT, startInlineRun } from "../runtime/testing/inline-runtime.ts";

const calls: string[] = [];
const FUNCTIONS: BuiltinModule = {
  "text.value.collect": ({ value }) => {
    calls.push("collect");
    return { value: value ?? null };
  },
  "text.value.draft": ({ value, text }) => {
    calls.push(`draft ${JSON.stringify(text ?? null)}`);
    return { value: `${JSON.stringify(value)} ${JSON.stringify(text ?? null)}` };
  },
  "text.value.place": ({ value }) => {
    calls.push("place");
    return { value: value ?? null };
  },
  "text.value.withdraw": ({ value }) => {
    calls.push("withdraw");
    if (value === "stuck") throw new DomainError("invalid_request", "It cannot be withdrawn.");
    return { value: value ?? null };
  },
  "text.value.seal": ({ value, text }) => {
    calls.push(`seal ${JSON.stringify(text ?? null)}`);
    return { value: value ?? null };
  },
  "text.value.fail": () => {
    throw new DomainError("invalid_request", "It is not to be.");
  },
  "text.value.send": ({ value }) => {
    calls.push("send");
    return { value: value ?? null };
  },
};
const collect = {
  id: "collect",
  uses: "text.value.collect",
  input: { value: "inputs.topic" },
  output: { value: "vars.facts" },
};
const draft = {
  id: "draft",
  uses: "text.value.draft",
  input: { value: "vars.facts", text: "inputs.remark" },
  output: { value: "vars.draft" },
};
const steps = [
  collect,
  draft,
  {
    id: "agree",
    uses: "wait.approval",
    input: { reason: "Good?", payload: { draft: "vars.draft" } },
  },
  {
    id: "send",
    uses: "text.value.send",
    input: { value: "vars.draft" },
    output: { value: "outputs.sent" },
  },
];
const place = {
  id: "place",
  uses: "text.value.place",
  input: { value: "inputs.topic" },
  output: { value: "vars.facts" },
};
const UNDOING = { compensation: { on_failure: true, retry: { max_attempts: 1 } } };
const skill = (id: string, ofSteps: object[], config: object = {}) => ({
  id,
  version: "1.0.0",
  name: id,
  description: id,
  inputs: { topic: { type: "string" }, remark: { type: "string" } },
  outputs: { sent: { type: "string" } },
  steps: ofSteps,
  config,
});
const catalog = inlineCatalog({
  capabilities: [
    { id: "text.value.collect", outputs: ["value"], effect: "read" },
    { id: "text.value.draft", outputs: ["value"], effect: "none" },
    {
      id: "text.value.place",
      outputs: ["value"],
      effect: "write",
      compensation: { capability: "text.value.withdraw", input: { value: "outputs.value" } },
    },
    { id: "text.value.withdraw", outputs: ["value"], effect: "write" },
    {
      id: "text.value.seal",
      outputs: ["value"],
      effect: "read",
      safety: { trust_level: "elevated", data_classification: "internal" },
    },
    { id: "text.value.fail" },
    { id: "text.value.send", outputs: ["value"], effect: "external_action" },
  ],
  skills: [
    skill("test.letter", steps),
    skill("test.order", [place, ...steps.slice(1)], UNDOING),
    skill("test.sealed", [collect, { ...draft, uses: "text.value.seal" }, ...steps.slice(2)]),
    skill("test.undone", [place, { id: "fail", uses: "text.value.fail" }], UNDOING),
    skill("test.parent", [
      { id: "child", uses: "skill:test.letter", input: { topic: "inputs.topic" } },
    ]),
  ],
});

let api: InlineApi;
let ada: string;
let bob: string;
let boss: string;
let viewer: string;
beforeAll(async () => {
  api = await startInlineApi({ catalog, functions: FUNCTIONS });
  await api.database.prisma.environment.updateMany({
    where: { tenantId: INLINE_TENANT },
    data: { settings: { allow_private_network: true, trust_ceiling: "elevated" } },
  });
  ada = await api.addSession(INLINE_TENANT, "approver");
  bob = await api.addSession(INLINE_TENANT, "approver");
  boss = await api.addSession(INLINE_TENANT, "admin");
  viewer = await api.addSession(INLINE_TENANT, "operator");
  return api.close;
});
const send: InlineApi["send"] = (...request) => api.send(...request);

async function asked(skillId = "test.letter", topic = "geese", trust: TrustLevel = "standard") {
  calls.length = 0;
  const { runId } = await startInlineRun(api.engine(), skillId, { topic }, { trust });
  return { runId, approval: await untilAsked(runId) };
}

async function untilAsked(runId: string) {
  for (;;) {
    const { answer } = await send(boss, `/runs/${runId}/approvals`);
    const [approval] = listOf(ApprovalSummarySchema).parse(answer).items;
    if (approval !== undefined) return approval;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

type Asked = Awaited<ReturnType<typeof asked>>;

const pushBack = (who: string, { approval }: Pick<Asked, "approval">, more: object = {}) =>
  send(who, `/approvals/${approval.approval_id}/decide`, {
    decision: "push_back",
    payload_hash: approval.payload_hash,
    step: "draft",
    input: "remark",
    comment: "shorter",
    ...more,
  });

async function planned(who: string, runId: string, more: object = {}) {
  const { answer } = await send(who, `/runs/${runId}/plan`, {
    operation: "push_back",
    step: "draft",
    edits: { inputs: { remark: "shorter" } },
    ...more,
  });
  return ReplayPlanSchema.parse(answer);
}

/** Runs that were made and wait to be started by somebody. */
async function heldRuns(): Promise<number> {
  const { rows } = await api.database.pool.query(
    "SELECT 1 FROM runs WHERE tenant_id = $1 AND status = 'pending'",
    [INLINE_TENANT],
  );
  return rows.length;
}

describe("a push back", () => {
  test("ends the run, and a replay begins at the step with the comment as its input", async () => {
    const { runId, approval } = await asked();
    expect(calls).toEqual(["collect", "draft null"]);
    const { answer } = await send(boss, `/runs/${runId}/plan`, {
      step: "draft",
      edits: { inputs: { remark: "shorter" } },
    });
    const plan = ReplayPlanSchema.parse(answer);
    expect(plan.totals).toMatchObject({ reuse: 1 });
    const told = await pushBack(ada, { approval }, { plan_hash: plan.plan_hash });
    expect(told.status).toBe(200);
    const [decision] = ApprovalAnswerSchema.parse(told.answer).approval.decisions;
    const replayId = decision?.push_back?.run_id ?? expect.fail("no replay");
    expect(decision).toMatchObject({ decision: "push_back", push_back: { step: "draft" } });

    await api.probe.until(runId, "canceled");
    const ended = (await api.probe.events(runId)).find(
      ({ event_type: type }) => type === "run.canceled",
    );
    expect(ended?.payload["reason"]).toBe("Ada pushed agree back to draft: shorter");

    await api.probe.until(replayId, "waiting_for_human");
    expect(calls).toEqual(["collect", "draft null", 'draft "shorter"']);
    const again = await untilAsked(replayId);
    expect(again.requested_by).toBe(approval.requested_by);
    const [created] = await api.probe.events(replayId);
    expect(created?.payload).toMatchObject({
      source_run_id: runId,
      replay: { pushed_back: { approval_id: approval.approval_id } },
    });
    expect((await send(bob, `/runs/${replayId}/approve`, {})).status).toBe(200);
    await api.probe.until(replayId, "completed");
    expect(calls.filter((call) => call === "send")).toHaveLength(1);

    const repeated = await pushBack(ada, { approval });
    expect(ApprovalAnswerSchema.parse(repeated.answer).approval.status).toBe("pushed_back");
    expect(await refusal(pushBack(bob, { approval }))).toEqual([409, "approval_not_pending"]);
    await expect.poll(heldRuns, { timeout: 15_000 }).toBe(0);
  });

  test("is planned as it is carried out, also by an approver who is trusted less than the run", async () => {
    const { approval } = await asked("test.sealed", "geese", "elevated");
    const own = await planned(ada, approval.run_id, { operation: "replay" });
    expect(own.totals).toMatchObject({ reuse: 1, run: 0, blocked: 1 });
    const plan = await planned(ada, approval.run_id);
    expect(plan).toMatchObject({
      operation: "push_back",
      totals: { reuse: 1, blocked: 0, ask: 1 },
    });
    expect(plan.rows.find(({ step_id: id }) => id === "draft")?.decision).toBe("run");
    const told = await pushBack(ada, { approval }, { plan_hash: plan.plan_hash });
    const [decision] = ApprovalAnswerSchema.parse(told.answer).approval.decisions;
    await api.probe.until(decision?.push_back?.run_id ?? "", "waiting_for_human");
    expect(calls).toEqual(["collect", "seal null", 'seal "shorter"']);
  });

  test("with the hash of another plan is refused, and nothing is written", async () => {
    const { runId, approval } = await asked("test.sealed", "geese", "elevated");
    const before = await api.probe.events(runId);
    const other = await planned(ada, runId, { edits: { inputs: { remark: "longer" } } });
    const own = await planned(ada, runId, { operation: "replay" });
    for (const { plan_hash } of [other, own])
      expect(await refusal(pushBack(ada, { approval }, { plan_hash }))).toEqual([
        409,
        "plan_outdated",
      ]);
    expect(await api.probe.events(runId)).toEqual(before);
    const { rows } = await api.database.pool.query(
      "SELECT 1 FROM runs WHERE tenant_id = $1 AND lineage_root_run_id = $2",
      [INLINE_TENANT, runId],
    );
    expect(rows).toHaveLength(1);
    expect((await untilAsked(runId)).status).toBe("pending");
  });

  test("goes on where the process stopped right after it was taken", async () => {
    const { approval } = await asked();
    const told = await pushBack(ada, { approval });
    await api.restart();
    const [decision] = ApprovalAnswerSchema.parse(told.answer).approval.decisions;
    await api.probe.until(decision?.push_back?.run_id ?? "", "waiting_for_human");
    expect(calls.at(-1)).toBe('draft "shorter"');
  });

  test("is one answer among several at the same moment, and leaves no run behind", async () => {
    const { runId, approval } = await asked();
    const { payload_hash: hash, approval_id: id } = approval;
    const answers = await Promise.all([
      pushBack(ada, { approval }),
      pushBack(bob, { approval }),
      send(boss, `/approvals/${id}/decide`, { decision: "approve", payload_hash: hash }),
    ]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    await api.probe.until(runId, "completed", "canceled");
    await expect.poll(heldRuns, { timeout: 15_000 }).toBe(0);
  });

  test("is refused to a wrong place, without a comment, and to who may not decide; nothing is left behind", async () => {
    const { approval } = await asked();
    const refused = (who: string, more: object) => refusal(pushBack(who, { approval }, more));
    const invalid = [400, "invalid_request"];
    expect(await refused(ada, { step: "agree" })).toEqual(invalid);
    expect(await refused(ada, { step: "send" })).toEqual(invalid);
    expect(await refused(ada, { step: "none" })).toEqual(invalid);
    expect(await refused(ada, { comment: undefined })).toEqual(invalid);
    expect(await refused(ada, { input: undefined })).toEqual(invalid);
    expect(await refused(ada, { payload: { draft: "mine" } })).toEqual(invalid);
    expect(await refused(ada, { payload_hash: "old" })).toEqual([409, "payload_changed"]);
    expect(await refused(ada, { plan_hash: "old" })).toEqual([409, "plan_outdated"]);
    expect(await refused(viewer, {})).toEqual([403, "forbidden"]);
    await expect.poll(heldRuns, { timeout: 15_000 }).toBe(0);
    expect((await untilAsked(approval.run_id)).status).toBe("pending");
  });

  test("undoes nothing, also where a denial would: the replay goes on with what was done", async () => {
    const { runId, approval } = await asked("test.order");
    const told = await pushBack(ada, { approval });
    const [decision] = ApprovalAnswerSchema.parse(told.answer).approval.decisions;
    await api.probe.until(runId, "canceled");
    await api.probe.until(decision?.push_back?.run_id ?? "", "waiting_for_human");
    expect(calls).toEqual(["place", "draft null", 'draft "shorter"']);
  });

  test("is not for a run that undoes what it did, nor is a replay of it", async () => {
    const { runId, approval } = await asked("test.undone", "stuck");
    expect(await refusal(pushBack(ada, { approval }, { step: "fail" }))).toEqual([
      409,
      "invalid_transition",
    ]);
    for (const operation of ["plan", "replay", "fork"])
      expect(await refusal(send(boss, `/runs/${runId}/${operation}`, {}))).toEqual([
        409,
        "invalid_transition",
      ]);
    expect((await untilAsked(runId)).status).toBe("pending");
    await send(boss, `/runs/${runId}/deny`, { comment: "leave it" });
    await api.probe.until(runId, "failed");
  });

  test("is not for nested runs, which are not made again alone", async () => {
    calls.length = 0;
    const { runId } = await startInlineRun(api.engine(), "test.parent", { topic: "geese" });
    const approval = await untilNestedAsked(runId);
    const { status, answer } = await pushBack(ada, { approval });
    expect([status, AnyError.parse(answer).error.message]).toEqual([
      400,
      `Run ${approval.run_id} is nested in run ${runId}.`,
    ]);
    await expect.poll(heldRuns, { timeout: 15_000 }).toBe(0);
  });
});

async function untilNestedAsked(parentRunId: string) {
  for (;;) {
    const { rows } = await api.database.pool.query<{ run_id: string }>(
      `SELECT a.run_id FROM approvals a JOIN runs r USING (tenant_id, run_id) WHERE r.parent_run_id = $1`,
      [parentRunId],
    );
    if (rows[0] !== undefined) return untilAsked(rows[0].run_id);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe("others decide", () => {
  test("from the moment on that somebody reassigns it, who had claimed it is not on it any more", async () => {
    const { runId, approval } = await asked();
    const path = `/approvals/${approval.approval_id}`;
    expect((await send(ada, `${path}/claim`, {})).status).toBe(200);
    const told = await send(ada, `${path}/reassign`, { roles: ["operator"], comment: "your part" });
    const given = ApprovalAnswerSchema.parse(told.answer).approval;
    expect(given.eligible).toEqual({ roles: ["operator"], users: [], groups: [] });
    expect(given.claimed_by).toBeNull();
    expect(await refusal(send(bob, `${path}/claim`, {}))).toEqual([403, "forbidden"]);
    const reassigned = (await api.probe.events(runId)).find(
      ({ event_type: type }) => type === "approval.reassigned",
    );
    expect(reassigned?.payload).toMatchObject({ name: "Ada", comment: "your part" });
    await api.restart();
    expect(await refusal(send(bob, `/runs/${runId}/approve`, {}))).toEqual([403, "forbidden"]);
    expect((await send(viewer, `/runs/${runId}/approve`, {})).status).toBe(200);
    await api.probe.until(runId, "completed");
    expect(await refusal(send(boss, `${path}/reassign`, { roles: ["admin"] }))).toEqual([
      409,
      "approval_not_pending",
    ]);
  });

  test("never nobody: unknown people and roles are named", async () => {
    const { approval } = await asked();
    const path = `/approvals/${approval.approval_id}/reassign`;
    const { answer } = await send(ada, path, { roles: ["boss"], users: ["nobody@example.com"] });
    expect(AnyError.parse(answer).error).toMatchObject({
      code: "invalid_request",
      details: { roles: ["boss"], users: ["nobody@example.com"] },
    });
    expect(await refusal(send(ada, path, {}))).toEqual([400, "invalid_request"]);
    expect(await refusal(send(ada, path, { roles: ["viewer"] }))).toEqual([400, "invalid_request"]);
    expect(await refusal(send(viewer, path, { roles: ["operator"] }))).toEqual([403, "forbidden"]);
    await api.addTenant(`other${approval.approval_id}`);
    const stranger = await api.addKey(`other${approval.approval_id}`, PERMISSIONS);
    expect(await refusal(send(stranger, path, { roles: ["admin"] }))).toEqual([404, "not_found"]);
  });

  test("may take up what somebody released, which others cannot for them", async () => {
    const { approval } = await asked();
    const path = `/approvals/${approval.approval_id}`;
    await send(ada, `${path}/claim`, {});
    expect(await refusal(send(bob, `${path}/release`, {}))).toEqual([403, "forbidden"]);
    const told = await send(ada, `${path}/release`, {});
    expect(ApprovalAnswerSchema.parse(told.answer).approval.claimed_by).toBeNull();
    expect((await send(ada, `${path}/release`, {})).status).toBe(200);
    await send(bob, `${path}/claim`, {});
    expect((await send(boss, `${path}/release`, {})).status).toBe(200);
  });
});
