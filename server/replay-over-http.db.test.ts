import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { ReplayPlanSchema } from "./api/replay-schemas.ts";
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
