import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { PERMISSIONS } from "../../core/permissions.ts";
import { ApprovalSummarySchema } from "../api/approval-schemas.ts";
import { EffectDetailSchema, EffectViewSchema } from "../api/effect-schemas.ts";
import { listOf } from "../api/list-schemas.ts";
import {
  AnyError,
  refusal,
  startInlineApi,
  type InlineApi,
} from "../api/testing/start-inline-api.ts";
import { InvocationError } from "../runtime/invokers/invoker.ts";
import { inlineCatalog } from "../runtime/testing/inline-catalog.ts";
import { INLINE_TENANT, startInlineRun } from "../runtime/testing/inline-runtime.ts";

/** What people say of effects in doubt, over HTTP, while their runs wait and after they have ended. */

const catalog = inlineCatalog({
  capabilities: [
    {
      id: "shop.order.place",
      effect: "write",
      outputs: ["receipt"],
      outputTypes: { receipt: "string" },
    },
  ],
  skills: [
    {
      id: "shop.buy",
      version: "1.0.0",
      name: "Buy",
      description: "Places an order.",
      steps: [{ id: "order", uses: "shop.order.place", output: { receipt: "outputs.receipt" } }],
    },
  ],
});

let api: InlineApi;
let ada: string;
let bob: string;
let viewer: string;
let sent = 0;
let isLost = true;
beforeAll(async () => {
  api = await startInlineApi({
    catalog,
    functions: {
      "shop.order.place": () => {
        sent += 1;
        if (!isLost) return { receipt: `r-${sent}` };
        throw new InvocationError("upstream_timeout", "The shop did not answer.", {
          possiblySent: true,
          isServiceFault: false,
        });
      },
    },
  });
  ada = await api.addSession(INLINE_TENANT, "operator");
  bob = await api.addSession(INLINE_TENANT, "approver");
  viewer = await api.addSession(INLINE_TENANT, "viewer");
  return api.close;
});
const send: InlineApi["send"] = (...request) => api.send(...request);
beforeEach(() => {
  sent = 0;
  isLost = true;
});

/** A run that waits with an effect in doubt. */
async function doubtful(): Promise<{ runId: string; effectId: string; path: string }> {
  const { runId } = await startInlineRun(api.engine(), "shop.buy");
  await api.probe.until(runId, "waiting_for_human");
  const { answer } = await send(ada, `/runs/${runId}/effects`);
  const [effect] = z.object({ items: z.array(EffectViewSchema) }).parse(answer).items;
  expect(effect?.status).toBe("in_doubt");
  const effectId = effect?.effect_id ?? "";
  return { runId, effectId, path: `/effects/${effectId}/resolve` };
}

const detailOf = ({ answer }: Awaited<ReturnType<typeof send>>) => EffectDetailSchema.parse(answer);

describe("an effect in doubt whose run waits", () => {
  test("is answered once, however often and by whomever it is answered at the same time", async () => {
    const { runId, effectId, path } = await doubtful();
    const body = { outcome: "happened", result: { receipt: "r-7" }, comment: "their console" };
    // Where Bob is first the call is made again; lost again, it would be asked about anew.
    isLost = false;
    const answers = await Promise.all([
      send(ada, path, body),
      send(ada, path, body),
      send(bob, path, { outcome: "not_happened" }),
    ]);
    const statuses = answers.map(({ status }) => status);
    expect(statuses.toSorted((a, b) => a - b)).toEqual(
      statuses[2] === 200 ? [200, 409, 409] : [200, 200, 409],
    );
    await api.probe.untilEnded(runId);
    const first = await send(ada, path, body);
    if (statuses[2] === 200) expect(first.status).toBe(409);
    else expect(detailOf(first)).toMatchObject({ effect: { status: "recorded" } });
    const { answer } = await send(ada, `/runs/${runId}/approvals`);
    const [asked] = listOf(ApprovalSummarySchema).parse(answer).items;
    expect(asked).toMatchObject({ kind: "in_doubt", capability_id: "shop.order.place" });
    expect(asked?.decisions).toHaveLength(1);
    const decide = { decision: "approve", payload_hash: asked?.payload_hash };
    expect(await refusal(send(bob, `/approvals/${asked?.approval_id}/decide`, decide))).toEqual([
      409,
      "approval_not_pending",
    ]);
    expect(effectId).toBe(detailOf(await send(ada, `/effects/${effectId}`)).effect.effect_id);
  });

  test("takes a result by the capability's contract, and says where it does not fit", async () => {
    const { runId, path } = await doubtful();
    const wrong = await send(ada, path, { outcome: "happened", result: { receipt: 7 } });
    expect([wrong.status, AnyError.parse(wrong.answer).error]).toMatchObject([
      400,
      { code: "invalid_request", details: { problems: [{ path: "result.receipt" }] } },
    ]);
    const missing = await send(ada, path, { outcome: "happened" });
    expect(await refusal(Promise.resolve(missing))).toEqual([400, "invalid_request"]);
    expect(
      await refusal(send(ada, path, { outcome: "not_happened", result: { receipt: "r" } })),
    ).toEqual([400, "invalid_request"]);
    isLost = false;
    expect((await send(ada, path, { outcome: "not_happened" })).status).toBe(200);
    expect(await api.probe.untilEnded(runId)).toMatchObject({ outputs: { receipt: "r-2" } });
  });

  test("is settled by those who may, of their own tenant", async () => {
    const { effectId, path } = await doubtful();
    const body = { outcome: "not_happened" };
    expect(await refusal(send(viewer, path, body))).toEqual([403, "forbidden"]);
    await api.addTenant("stranger");
    const stranger = await api.addKey("stranger", PERMISSIONS);
    const foreign = await send(stranger, path, body);
    const unknown = await send(stranger, `/effects/${effectId}9/resolve`, body);
    expect([foreign.status, unknown.status]).toEqual([404, 404]);
    expect(await refusal(send(ada, "/effects/eff_0_1/resolve", body))).toEqual([404, "not_found"]);
    expect(await refusal(send(ada, "/effects/nonsense/resolve", body))).toEqual([
      400,
      "invalid_request",
    ]);
  });
});

test("an effect of a run that has ended is corrected, and its resumed run takes it over", async () => {
  const { runId, effectId, path } = await doubtful();
  const silent = await send(ada, path, { outcome: "stop" });
  expect([silent.status, AnyError.parse(silent.answer).error.message]).toEqual([
    400,
    "Stopping the step needs a comment.",
  ]);
  const stopped = { outcome: "stop", comment: "nobody there" };
  expect(detailOf(await send(ada, path, stopped))).toMatchObject({
    effect: { status: "in_doubt" },
    history: expect.arrayContaining([
      expect.objectContaining({
        resolution: expect.objectContaining({ outcome: "stop", comment: "nobody there" }),
      }),
    ]),
  });
  await api.probe.until(runId, "failed");
  expect((await send(ada, path, stopped)).status).toBe(200);
  expect(await refusal(send(bob, path, stopped))).toEqual([409, "invalid_transition"]);
  const { head_sequence: head } = await api.probe.row(runId);
  const said = { outcome: "happened", result: { receipt: "r-9" } };
  expect(detailOf(await send(bob, path, said))).toMatchObject({
    effect: { status: "recorded" },
    result: { receipt: "r-9" },
    run: { status: "failed" },
  });
  expect((await send(bob, path, said)).status).toBe(200);
  expect(await refusal(send(bob, path, { ...said, result: { receipt: "r-10" } }))).toEqual([
    409,
    "invalid_transition",
  ]);
  expect(await refusal(send(bob, path, { outcome: "not_happened" }))).toEqual([
    409,
    "invalid_transition",
  ]);
  expect((await api.probe.row(runId)).head_sequence).toBe(head + 1);
  await api.engine().command({ tenantId: INLINE_TENANT, runId, actor: "test", kind: "resume" });
  await api.probe.until(runId, "completed");
  expect(await api.probe.row(runId)).toMatchObject({ outputs: { receipt: "r-9" } });
  expect(sent).toBe(1);
  const { answer } = await send(ada, `/runs/${runId}/effects`);
  const { items } = z.object({ items: z.array(EffectViewSchema) }).parse(answer);
  expect(items.map(({ status }) => status)).toEqual(["recorded", "reused"]);
  const reused = detailOf(await send(ada, `/effects/${items[1]?.effect_id}`));
  expect(reused).toMatchObject({ result: { receipt: "r-9" }, service_id: "inline" });
  expect(effectId).toBe(items[0]?.effect_id);
});

test("an effect of an ended run that did not happen is made when the run is resumed", async () => {
  const { runId, path } = await doubtful();
  await api.engine().command({ tenantId: INLINE_TENANT, runId, actor: "test", kind: "cancel" });
  await api.probe.until(runId, "canceled");
  expect(detailOf(await send(ada, path, { outcome: "not_happened" }))).toMatchObject({
    effect: { status: "failed" },
  });
  isLost = false;
  await api.engine().command({ tenantId: INLINE_TENANT, runId, actor: "test", kind: "resume" });
  await api.probe.until(runId, "completed");
  expect(sent).toBe(2);
});
