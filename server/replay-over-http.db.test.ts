import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { EffectDetailSchema } from "./api/effect-schemas.ts";
import { ReplayPlanSchema } from "./api/replay-schemas.ts";
import { CompensationViewSchema, RunDetailSchema } from "./api/run-schemas.ts";
import { createTestDatabase, type TestDatabase } from "./database/test-database.ts";
import { createApiCaller, type ApiCaller } from "./testing/api-caller.ts";
import { openServerPlace, type ServerPlace } from "./testing/server-place.ts";

let database: TestDatabase;
let place: ServerPlace;
let api: ApiCaller;
let source: string;
beforeAll(async () => {
  database = await createTestDatabase();
  place = await openServerPlace("main", { DATABASE_URL: database.connectionString });
  await place.start();
  api = createApiCaller(place);
  await api.importFiles({ "skills/local/proof/refund/skill.yaml": SKILL });
  source = await api.startRun("proof.refund", { text: "Thank you." });
  await api.untilEnded(source);
});
afterAll(async () => {
  await place.dispose();
  await database.drop();
});

const SKILL = `
id: proof.refund
version: 1.0.0
name: Refund
description: Looks at a text and files a ticket for it in the sandbox.
inputs:
  text: { type: string, required: true }
outputs:
  ticket: { type: string, required: true }
steps:
  - { id: look, uses: perception.language.detect, input: { text: inputs.text }, output: { language: vars.language } }
  - id: file
    uses: task.ticket.create
    input: { title: inputs.text, description: vars.language }
    output: { ticket_id: outputs.ticket }
`;

const RunSchema = z.object({ run: z.looseObject({ run_id: z.string(), status: z.string() }) });
const started = (answer: { body: unknown }) => RunSchema.parse(answer.body).run;
const plan = async (body: object) =>
  ReplayPlanSchema.parse((await api.send(`/runs/${source}/plan`, body)).body);
const refusal = async (path: string, body: object) => {
  const { status, body: answer } = await api.send(path, body);
  return {
    status,
    code: z.object({ error: z.object({ code: z.string() }) }).parse(answer).error.code,
  };
};

describe("rewinding over the API", () => {
  test("the plan that was looked at is carried out, and repeats no effect", async () => {
    const { plan_hash, rows, totals } = await plan({ step: "file" });
    expect(rows.map(({ step_id: id, decision }) => [id, decision])).toEqual([
      ["look", "reuse"],
      ["file", "reuse"],
    ]);
    expect(totals).toMatchObject({ reuse: 2, run: 0 });
    const { run_id: runId } = started(
      await api.send(`/runs/${source}/replay`, { step: "file", plan_hash }),
    );
    const ended = await api.untilEnded(runId);
    expect(ended.outputs).toEqual((await api.getRun(source)).outputs);
    const lineage = await api.send(`/runs/${runId}/lineage`);
    expect(lineage.body).toMatchObject({
      root_run_id: source,
      items: [{ run_id: source }, { run_id: runId, source_run_id: source }],
    });
  });

  test("a plan of another wish, or of a history that moved on, is outdated", async () => {
    const { plan_hash } = await plan({ step: "file" });
    const other = { edits: { inputs: { text: "Danke." } }, plan_hash };
    expect(await refusal(`/runs/${source}/replay`, other)).toEqual({
      status: 409,
      code: "plan_outdated",
    });
  });

  test("a fork waits until it is resumed, with the inputs that it was given", async () => {
    const { run_id: runId, status } = started(
      await api.send(`/runs/${source}/fork`, { edits: { inputs: { text: "Danke." } } }),
    );
    expect(status).toBe("pending");
    started(await api.send(`/runs/${runId}/resume`, {}));
    // The ticket of this lineage is filed; another one would be another effect.
    const asked = { kind: "replay", status: "pending", capability_id: "task.ticket.create" };
    await expect
      .poll(async () => (await api.send(`/runs/${runId}/approvals`)).body, { timeout: 15_000 })
      .toMatchObject({ items: [asked] });
  });

  test.each([
    ["an unknown run", "/runs/run_0/replay", {}, 404, "run_not_found"],
    [
      "an unknown checkpoint",
      "/runs/ID/replay",
      { checkpoint_id: "chk_1" },
      404,
      "checkpoint_not_found",
    ],
    ["a step that never began", "/runs/ID/plan", { step: "none" }, 400, "invalid_request"],
    [
      "two places",
      "/runs/ID/plan",
      { step: "file", checkpoint_id: "latest" },
      400,
      "invalid_request",
    ],
    ["an unknown version", "/runs/ID/fork", { edits: { version: "9.9.9" } }, 404, "not_found"],
    [
      "an input of another type",
      "/runs/ID/fork",
      { edits: { inputs: { text: 1 } } },
      400,
      "invalid_request",
    ],
    [
      "a choice for a step that is not there",
      "/runs/ID/plan",
      { overrides: { none: "reexecute" } },
      400,
      "invalid_request",
    ],
    [
      "a mapping of a step that is not there",
      "/runs/ID/replay",
      { step_map: { none: "file" } },
      400,
      "invalid_request",
    ],
    [
      "an unknown binding",
      "/runs/ID/fork",
      { edits: { bindings: { "task.ticket.create": "none" } } },
      404,
      "not_found",
    ],
    [
      "an unknown variable",
      "/runs/ID/fork",
      { edits: { vars: { none: 1 } } },
      400,
      "invalid_request",
    ],
    ["a resume of what completed", "/runs/ID/resume", {}, 409, "invalid_transition"],
    [
      "a plan to resume what completed",
      "/runs/ID/plan",
      { operation: "resume" },
      409,
      "invalid_transition",
    ],
  ])("%s is refused by name", async (_name, path, body, status, code) => {
    expect(await refusal(path.replace("ID", source), body)).toEqual({ status, code });
  });

  test("a choice for a step is planned, carried out, and in the plan's hash", async () => {
    const { plan_hash: before } = await plan({});
    const overrides = { look: "use_recorded_result" };
    const { rows, plan_hash } = await plan({ overrides });
    expect(rows[0]).toMatchObject({ decision: "reuse", override: "use_recorded_result" });
    const outdated = { overrides, plan_hash: before };
    expect((await refusal(`/runs/${source}/replay`, outdated)).code).toBe("plan_outdated");
    const wish = { overrides, plan_hash };
    const { run_id: runId } = started(await api.send(`/runs/${source}/replay`, wish));
    expect((await api.untilEnded(runId)).status).toBe("completed");
  });

  test("a resume carries out the plan that was looked at, or none", async () => {
    const { run_id: runId } = started(await api.send(`/runs/${source}/fork`, {}));
    const planOf = async (body: object) =>
      ReplayPlanSchema.parse((await api.send(`/runs/${runId}/plan`, body)).body).plan_hash;
    const hash = await planOf({ operation: "resume" });
    const overrides = { look: "require_human" };
    const other = { overrides, plan_hash: hash };
    expect((await refusal(`/runs/${runId}/resume`, other)).code).toBe("plan_outdated");
    const chosen = await planOf({ operation: "resume", overrides });
    started(await api.send(`/runs/${runId}/resume`, { overrides, plan_hash: chosen }));
    await expect
      .poll(async () => (await api.send(`/runs/${runId}`)).body, { timeout: 15_000 })
      .toMatchObject({ status: "waiting_for_human" });
  });

  test("a canceled run is resumed for a reason only", async () => {
    const waiting = await api.startRun(
      "proof.refund",
      { text: "x" },
      {
        start_at: new Date(Date.now() + 60_000).toISOString(),
      },
    );
    await api.send(`/runs/${waiting}/cancel`, {});
    expect((await refusal(`/runs/${waiting}/resume`, {})).code).toBe("invalid_request");
    started(await api.send(`/runs/${waiting}/resume`, { reason: "it was a mistake" }));
    expect((await api.untilEnded(waiting)).status).toBe("completed");
  });
});

const ORDER = `
id: proof.order
version: 1.0.0
name: Order
description: Charges over HTTP and tells by mail.
inputs:
  customer: { type: string, required: true }
outputs:
  payment_id: { type: string }
steps:
  - id: charge
    uses: payment.charge.create
    input: { customer: inputs.customer, amount_cents: 1250, currency: EUR, reference: order 7 }
    output: { payment_id: outputs.payment_id }
  - id: tell
    uses: email.message.send
    input: { to: ada@example.com, subject: Your order, body: inputs.customer }
`;
const WHOLE = `
id: proof.whole
version: 1.0.0
name: Order and wait
description: Orders with another skill, opens a ticket, and waits.
inputs:
  customer: { type: string, required: true }
outputs:
  payment_id: { type: string }
steps:
  - id: order
    uses: skill:proof.order
    input: { customer: inputs.customer }
    output: { payment_id: outputs.payment_id }
  - id: ticket
    uses: task.ticket.create
    input: { title: inputs.customer }
  - { id: wait, uses: wait.signal, input: { name: go } }
`;

const get = async <T>(path: string, schema: z.ZodType<T>) =>
  schema.parse((await api.send(path)).body);
const detailOf = (runId: string) => get(`/runs/${runId}`, RunDetailSchema);

async function untilWaiting(runId: string): Promise<void> {
  await expect
    .poll(async () => (await api.getRun(runId)).status, { timeout: 30_000 })
    .toBe("waiting_for_signal");
}

describe("undoing over the API", () => {
  beforeAll(async () => {
    await api.importFiles({
      "skills/local/proof/order/skill.yaml": ORDER,
      "skills/local/proof/whole/skill.yaml": WHOLE,
    });
  });

  test("what would be undone is told, undone, told of, and done again by a replay as planned", async () => {
    const runId = await api.startRun("proof.whole", { customer: "Ada" });
    await untilWaiting(runId);
    const path = `/runs/${runId}/compensation`;
    const before = await get(path, CompensationViewSchema);
    expect(before).toMatchObject({
      strategy: "backward",
      undo: [
        { step_id: "ticket", uses: "task.ticket.close", is_certain: true, is_undone: false },
        { step_id: "order", uses: "payment.charge.refund", is_undone: false },
      ],
      left: [{ step_id: "order", capability_id: "email.message.send" }],
    });
    expect(await detailOf(runId)).toMatchObject({ compensation: "none", left_standing: [] });
    expect((await api.send(`/runs/${runId}/cancel`, { compensate: true })).status).toBe(200);
    await api.untilEnded(runId);
    expect(await detailOf(runId)).toMatchObject({
      status: "canceled",
      compensation: "completed",
      left_standing: [{ step_id: "order", capability_id: "email.message.send" }],
    });
    const after = await get(path, CompensationViewSchema);
    expect(after.undo.map((effect) => effect.is_undone)).toEqual([true, true]);

    const charge = before.undo[1]?.effect_id ?? "";
    const { effect, compensated_by_effect_id: by } = await get(
      `/effects/${charge}`,
      EffectDetailSchema,
    );
    expect(effect.status).toBe("compensated");
    const refund = await get(`/effects/${by}`, EffectDetailSchema);
    expect(refund.effect).toMatchObject({
      run_id: runId,
      capability_id: "payment.charge.refund",
      status: "recorded",
      compensates_effect_id: charge,
    });
    expect(refund.result).toMatchObject({ payment_state: "refunded" });

    const plan = ReplayPlanSchema.parse(
      (await api.send(`/runs/${runId}/plan`, { step: "wait" })).body,
    );
    expect(plan.rows.map(({ step_id: id, decision }) => [id, decision])).toEqual([
      ["order", "run"],
      ["ticket", "run"],
      ["wait", "wait"],
    ]);
    expect(plan.rows[1]?.reason).toBe("what it did was undone, and is done again");
    const again = await api.send(`/runs/${runId}/replay`, {
      step: "wait",
      plan_hash: plan.plan_hash,
    });
    const { run } = z.object({ run: z.object({ run_id: z.string() }) }).parse(again.body);
    await untilWaiting(run.run_id);
    const redone = await get(`/runs/${run.run_id}/compensation`, CompensationViewSchema);
    // The mail still stands: it is not sent again, so that it is not the replay's to leave.
    expect(redone.left).toEqual([]);
    expect(redone.undo.map(({ uses }) => uses)).toEqual([
      "task.ticket.close",
      "payment.charge.refund",
    ]);
    expect(redone.undo.map(({ effect_id: id }) => id)).not.toContain(charge);
    await api.send(`/runs/${run.run_id}/cancel`, {});
  });

  test.each([
    ["an unknown run's compensation", "/runs/run_0/compensation", undefined, 404, "run_not_found"],
    [
      "a compensate that is neither true nor false",
      "/runs/run_0/cancel",
      { compensate: "yes" },
      400,
      "invalid_request",
    ],
    [
      "a cancelation of an unknown run",
      "/runs/run_0/cancel",
      { compensate: true },
      404,
      "run_not_found",
    ],
  ])("%s is refused by name", async (_name, path, body, status, code) => {
    const answer = await api.send(path, body);
    expect(answer).toMatchObject({ status, body: { error: { code } } });
  });

  test("a run that ended is not undone any more, and one that was undone is not resumed", async () => {
    const runId = await api.startRun("proof.whole", { customer: "Max" });
    await untilWaiting(runId);
    await api.send(`/runs/${runId}/cancel`, { compensate: true });
    await api.untilEnded(runId);
    for (const [verb, body] of [
      ["cancel", { compensate: true }],
      ["resume", { reason: "on with it" }],
    ] as const) {
      const answer = await api.send(`/runs/${runId}/${verb}`, body);
      expect(answer).toMatchObject({
        status: 409,
        body: { error: { code: "invalid_transition" } },
      });
    }
    const plan = await api.send(`/runs/${runId}/plan`, { operation: "resume" });
    expect(plan.status).toBe(409);
  });
});
