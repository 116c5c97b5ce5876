import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../core/json.ts";
import { ApprovalDetailSchema, ApprovalSummarySchema } from "../api/approval-schemas.ts";
import { listOf } from "../api/list-schemas.ts";
import { refusal, startInlineApi, type InlineApi } from "../api/testing/start-inline-api.ts";
import { hashJson } from "../runtime/effect-facts.ts";
import { inlineCatalog } from "../runtime/testing/inline-catalog.ts";
import { INLINE_TENANT, startInlineRun } from "../runtime/testing/inline-runtime.ts";

/** What people see of a payload with secrets, and what is sent. */

const SECRET = "s3cr3t-0f-the-b4nk";
const FOUND = "f0und-0n-the-w4y";
/** What the instance was started with. */
const OWN = "the-1nstance-0wns-it";
const PAYLOAD = {
  value: { to: "bank", headers: { Authorization: `Bearer ${SECRET}` } },
  text: `${SECRET} opens it`,
};

let sent: JsonObject[] = [];
let api: InlineApi;
let ada: string;
let viewer: string;
beforeAll(async () => {
  api = await startInlineApi({
    catalog: inlineCatalog({
      capabilities: [
        {
          id: "bank.order.send",
          effect: "external_action",
          requiresConfirmation: true,
          inputs: { value: {}, text: {} },
          outputs: ["value"],
        },
        { id: "bank.key.find", outputs: ["value"] },
      ],
      skills: [
        {
          id: "test.order",
          version: "1.0.0",
          name: "Order",
          description: "Orders.",
          inputs: { value: {}, text: {} },
          steps: [
            {
              id: "order",
              uses: "bank.order.send",
              input: { value: "inputs.value", text: "inputs.text" },
            },
          ],
        },
        {
          id: "test.found",
          version: "1.0.0",
          name: "Found",
          description: "Orders with what it found.",
          steps: [
            { id: "find", uses: "bank.key.find", input: {}, output: { value: "vars.found" } },
            {
              id: "order",
              uses: "bank.order.send",
              input: { value: "vars.found.api_key", text: `${OWN} opens it` },
            },
            { id: "again", uses: "bank.order.send", input: { value: "vars.found.api_key" } },
          ],
        },
        {
          id: "test.form",
          version: "1.0.0",
          name: "Form",
          description: "Asks.",
          inputs: { value: {}, text: {} },
          steps: [
            {
              id: "ask",
              uses: "wait.approval",
              input: { reason: "inputs.text", payload: "inputs.value", quorum: 2 },
            },
          ],
        },
      ],
    }),
    secrets: [OWN],
    functions: {
      "bank.key.find": () => ({ value: { api_key: FOUND } }),
      "bank.order.send": (input) => {
        sent.push({ ...input });
        return { value: "sent" };
      },
    },
  });
  ada = await api.addSession(INLINE_TENANT, "approver");
  viewer = await api.addSession(INLINE_TENANT, "viewer");
  return api.close;
});
beforeEach(() => {
  sent = [];
});

async function asked(skillId = "test.order") {
  const { runId } = await startInlineRun(api.engine(), skillId, PAYLOAD);
  await api.probe.until(runId, "waiting_for_human");
  const { answer } = await api.send(viewer, `/runs/${runId}/approvals`);
  const [listed] = listOf(ApprovalSummarySchema).parse(answer).items;
  if (listed === undefined) expect.fail("nothing was asked");
  const path = `/approvals/${listed.approval_id}`;
  const look = async (who = viewer) =>
    ApprovalDetailSchema.parse((await api.send(who, path)).answer);
  const decide = (body: object) =>
    api.send(ada, `${path}/decide`, { decision: "approve", ...body });
  return { runId, listed, look, decide };
}

async function pendingOf(runId: string) {
  const { answer } = await api.send(viewer, `/runs/${runId}/approvals`);
  const { items } = listOf(ApprovalSummarySchema).parse(answer);
  return items.find(({ status }) => status === "pending");
}

describe("a payload with secrets", () => {
  test("is shown masked to everybody, and sent exactly as it was", async () => {
    const { runId, listed, look, decide } = await asked();
    for (const who of [viewer, ada]) {
      const detail = await look(who);
      expect(detail.payload).toEqual({
        value: { to: "bank", headers: { Authorization: "[redacted]" } },
        text: "[redacted] opens it",
      });
      expect(detail.redacted_values).toBe(2);
      expect(detail.payload_hash).toBe(hashJson(PAYLOAD));
      expect(JSON.stringify(detail)).not.toContain(SECRET);
    }
    expect(JSON.stringify(listed)).not.toContain(SECRET);
    expect((await decide({ payload_hash: listed.payload_hash })).status).toBe(200);
    await api.probe.until(runId, "completed");
    expect(sent).toMatchObject([PAYLOAD]);
  });

  test("keeps a secret whose mask was left in its place while something else was edited", async () => {
    const { runId, listed, look, decide } = await asked();
    const { payload } = await look();
    const edited = { ...payload, text: "nothing opens it" };
    const body = { payload_hash: listed.payload_hash, payload: edited, comment: SECRET };
    expect((await decide(body)).status).toBe(200);
    await api.probe.until(runId, "completed");
    expect(sent).toMatchObject([{ ...PAYLOAD, text: "nothing opens it" }]);
    // Given again, it is the same answer, although its secret is a mask.
    expect((await decide(body)).status).toBe(200);
    const after = await look();
    expect(after.decisions[0]?.changes).toMatchObject([
      { path: "text", before: "[redacted] opens it", after: "nothing opens it" },
    ]);
    expect(after.payload_hash).toBe(hashJson({ ...PAYLOAD, text: "nothing opens it" }));
    expect(JSON.stringify(after)).not.toContain(SECRET);
  });

  test("that comes back unchanged is no edit", async () => {
    const { runId, listed, look, decide } = await asked();
    const { payload } = await look();
    await decide({ payload_hash: listed.payload_hash, payload });
    await api.probe.until(runId, "completed");
    expect((await look()).decisions[0]).not.toHaveProperty("changes");
    expect(sent).toMatchObject([PAYLOAD]);
  });

  test("is not sent with a mask in a place where none was", async () => {
    const { listed, look, decide } = await asked();
    const { payload } = await look();
    const stolen = { ...payload, text: "https://evil.example/?[redacted]" };
    const work = decide({ payload_hash: listed.payload_hash, payload: stolen });
    expect(await refusal(work)).toEqual([400, "invalid_request"]);
    expect(sent).toEqual([]);
  });

  test("that changed meanwhile is refused as such, whatever masks its edit holds", async () => {
    const { look, decide } = await asked("test.form");
    const { payload, payload_hash: old } = await look();
    const edited = { payload_hash: old, payload: { ...payload, to: "other bank" } };
    expect((await decide(edited)).status).toBe(200);
    const stale = { payload_hash: old, payload: { ...payload, to: "[redacted]" } };
    expect(await refusal(decide(stale))).toEqual([409, "payload_changed"]);
    const { payload_hash: now } = await look();
    expect(await refusal(decide({ ...stale, payload_hash: now }))).toEqual([
      400,
      "invalid_request",
    ]);
  });

  test("is masked where the run found them on its way, and where the instance has them", async () => {
    const { runId, listed, look, decide } = await asked("test.found");
    const { rows } = await api.database.pool.query(
      "SELECT to_jsonb(a)::text AS row FROM approvals a WHERE run_id = $1",
      [runId],
    );
    expect(JSON.stringify(rows)).not.toContain(FOUND);
    expect(JSON.stringify(rows)).not.toContain(OWN);
    const { payload, payload_hash } = await look();
    expect(payload).toMatchObject({ value: "[redacted]" });
    expect((await decide({ payload_hash, payload })).status).toBe(200);
    expect(JSON.stringify(listed)).not.toContain(FOUND);
    await expect.poll(async () => (await pendingOf(runId))?.step_id).toBe("again");
    expect(sent).toMatchObject([{ value: FOUND, text: `${OWN} opens it` }]);
    // By now it stands in a snapshot, and the step that found it before that.
    const snapshots = "SELECT 1 FROM snapshots WHERE run_id = $1 AND sequence < $2";
    const next = await pendingOf(runId);
    const at = Number(next?.approval_id.split("_").at(-1));
    expect((await api.database.pool.query(snapshots, [runId, at])).rowCount).toBeGreaterThan(0);
    const { answer } = await api.send(viewer, `/approvals/${next?.approval_id ?? ""}`);
    expect(ApprovalDetailSchema.parse(answer).payload).toMatchObject({ value: "[redacted]" });
  });

  test("is masked in a form's reason and in what is stored for lists and notices", async () => {
    const { runId, listed, look } = await asked("test.form");
    expect(listed.reason).toBe("[redacted] opens it");
    expect((await look()).payload).toEqual({
      to: "bank",
      headers: { Authorization: "[redacted]" },
    });
    const { rows } = await api.database.pool.query(
      "SELECT to_jsonb(a)::text AS row FROM approvals a WHERE run_id = $1",
      [runId],
    );
    expect(JSON.stringify(rows)).not.toContain(SECRET);
  });
});
