import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import type { JsonObject } from "../../core/json.ts";
import { PERMISSIONS } from "../../core/permissions.ts";
import { EffectDetailSchema, EffectListSchema, EffectViewSchema } from "../api/effect-schemas.ts";
import { EMPTY_REGISTRY } from "../api/testing/empty-registry.ts";
import { startTestApi, type TestApi } from "../api/testing/start-test-api.ts";
import { requestRebuild } from "../database/effect-search-position.ts";
import type { BuiltinModule } from "../runtime/builtins/builtin.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { inlineCatalog } from "../runtime/testing/inline-catalog.ts";
import {
  INLINE_TENANT,
  startInlineRun,
  startInlineRuntime,
} from "../runtime/testing/inline-runtime.ts";
import { RunProbe } from "../runtime/testing/run-probe.ts";
import { projectEffects } from "./effect-projection.ts";

const FUNCTIONS: BuiltinModule = {
  "shop.order.place": ({ text }) => ({
    receipt: `rcpt-${typeof text === "string" ? text : ""}`,
    value: { echo: text ?? null },
  }),
  "shop.order.lose": () => {
    throw new Error("the line went dead");
  },
  "shop.order.wait": async () => {
    await sleep(3_000);
    return { value: null };
  },
};
const INSTANCE_SECRET = "instance-secret-5f4e3d";

let api: TestApi;
let key: string;
let runtime: Runtime;
let probe: RunProbe;
beforeAll(async () => {
  api = await startTestApi({ registry: EMPTY_REGISTRY });
  await api.addTenant(INLINE_TENANT);
  key = await api.addKey(INLINE_TENANT, PERMISSIONS);
  probe = new RunProbe(api.database);
  const step = (id: string, uses: string) => ({
    id,
    uses,
    input: { text: "inputs.text", value: "inputs.value" },
  });
  const skill = (id: string, steps: object[]) => ({
    id,
    version: "1.0.0",
    name: id,
    description: id,
    inputs: { text: { type: "string" }, value: { type: "object" } },
    steps,
  });
  runtime = await startInlineRuntime({
    pool: api.database.pool,
    connectionString: api.database.connectionString,
    catalog: inlineCatalog({
      capabilities: Object.keys(FUNCTIONS).map((id) => ({
        id,
        effect: "write",
        outputs: ["value"],
        inputs: { text: { type: "string" }, value: { type: "object" } },
      })),
      skills: [
        skill("shop.buy", [step("order", "shop.order.place")]),
        skill("shop.lose", [step("order", "shop.order.lose")]),
        skill("shop.queue", [step("first", "shop.order.place"), step("next", "shop.order.wait")]),
      ],
    }),
    functions: FUNCTIONS,
  });
  return async () => {
    await runtime.stop();
    await api.close();
  };
});

async function run(skill: string, inputs: JsonObject): Promise<string> {
  const { runId } = await startInlineRun(runtime, skill, inputs);
  // Where its effect is in doubt, people are asked.
  await probe.until(runId, "completed", "waiting_for_human");
  return runId;
}

async function get<T extends z.ZodType>(path: string, schema: T): Promise<z.output<T>> {
  const response = await api.call(`/api/v1${path}`, {
    headers: { authorization: `Bearer ${key}` },
  });
  expect(response.status).toBe(200);
  return schema.parse(await response.json());
}

const search = (query: string) => get(`/effects?${query}`, EffectListSchema);
const runsOf = async (query: string) => (await search(query)).items.map(({ run_id: id }) => id);
const ofRun = (runId: string) =>
  get(`/runs/${runId}/effects`, z.object({ items: z.array(EffectViewSchema) }));
const project = () => projectEffects(api.database, [INSTANCE_SECRET]);

describe("the search over all effects of a tenant", () => {
  const runs: Record<string, string> = {};
  beforeAll(async () => {
    runs.ada = await run("shop.buy", { text: "Ada Lovelace", value: { order: 41, tags: ["new"] } });
    runs.bob = await run("shop.buy", {
      text: "Bob Hope",
      value: { order: 42, tags: ["old", "vip"] },
    });
    runs.lost = await run("shop.lose", { text: "Ada Byron", value: { order: 43 } });
    await project();
  });

  test.each<[string, string[]]>([
    ["", ["lost", "bob", "ada"]],
    ["status=in_doubt", ["lost"]],
    ["status=recorded", ["bob", "ada"]],
    ["status=recorded,in_doubt", ["lost", "bob", "ada"]],
    ["status=blocked", []],
    ["capability=shop.order.place", ["bob", "ada"]],
    ["binding=inline_shop.order.lose", ["lost"]],
    ["target=inline", ["lost", "bob", "ada"]],
    ["target=shop.order.lose", ["lost"]],
    ["target=inline_shop.order.place", ["bob", "ada"]],
    ["request.value.order=42", ["bob"]],
    ["request.value.tags=vip", ["bob"]],
    ["request.text=Ada%20Lovelace", ["ada"]],
    ["request.text=Ada", []],
    ["receipt=rcpt-Bob%20Hope", ["bob"]],
    ["receipt=rcpt-Bob", []],
    ["q=rcpt%20hope", ["bob"]],
    ["q=ada", ["lost", "ada"]],
    ["q=ADA%20byron", ["lost"]],
    ["q=ada&status=recorded", ["ada"]],
    ["target=inline&request.value.order=43", ["lost"]],
    ["after=2020-01-01T00:00:00Z", ["lost", "bob", "ada"]],
    ["before=2020-01-01T00:00:00Z", []],
  ])("?%s", async (query, names) => {
    expect(await runsOf(query)).toEqual(names.map((name) => runs[name]));
  });

  test("finds an effect by its own id and a run's by the run's", async () => {
    const [first] = (await ofRun(runs.ada ?? "")).items;
    expect(await runsOf(`q=${first?.effect_id}`)).toEqual([runs.ada]);
    expect(await runsOf(`q=${runs.bob}`)).toEqual([runs.bob]);
    expect(await runsOf(`run=${runs.bob}&q=ada`)).toEqual([]);
  });

  test("comes in pages that neither repeat nor leave out", async () => {
    const found: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page: z.output<typeof EffectListSchema> = await search(
        `limit=1${cursor === "" ? "" : `&cursor=${cursor}`}`,
      );
      found.push(...page.items.map(({ run_id: id }) => id));
      cursor = page.next_cursor;
    }
    expect(found).toEqual([runs.lost, runs.bob, runs.ada]);
  });

  test("shows the record that the run's own events tell", async () => {
    const [{ items: searched }, { items: folded }] = await Promise.all([
      search(`run=${runs.bob}`),
      ofRun(runs.bob ?? ""),
    ]);
    expect(searched).toEqual(folded);
    expect(searched).toMatchObject([
      { status: "recorded", capability_id: "shop.order.place", step_path: "order", attempts: 1 },
    ]);
  });

  test("says up to when it is complete", async () => {
    const before = Date.now();
    await run("shop.buy", { text: "late", value: {} });
    await project();
    expect(Date.parse((await search("limit=1")).as_of)).toBeGreaterThan(before);
  });

  test("knows nothing of another tenant's effects", async () => {
    const response = await api.call("/api/v1/effects");
    expect(await response.json()).toMatchObject({ items: [], next_cursor: null });
    const [effect] = (await ofRun(runs.ada ?? "")).items;
    const [foreign, unknown] = await Promise.all(
      [effect?.effect_id, "eff_0199unknown_3"].map((id) => api.call(`/api/v1/effects/${id}`)),
    );
    expect([foreign?.status, unknown?.status]).toEqual([404, 404]);
    expect((await api.call(`/api/v1/runs/${runs.ada}/effects`)).status).toBe(404);
  });

  test("needs run:read", async () => {
    const other = await api.addKey(INLINE_TENANT, ["stats:read"]);
    const response = await api.call("/api/v1/effects", {
      headers: { authorization: `Bearer ${other}` },
    });
    expect(response.status).toBe(403);
  });

  test("finds nothing by secrets", async () => {
    const runId = await run("shop.buy", {
      text: `pay with ${INSTANCE_SECRET}`,
      value: { password: "hunter2hunter2", order: 77 },
    });
    await project();
    expect(await runsOf("request.value.order=77")).toEqual([runId]);
    expect(await runsOf("request.value.password=hunter2hunter2")).toEqual([]);
    expect(await runsOf("q=hunter2hunter2")).toEqual([]);
    expect(await runsOf("q=5f4e3d")).toEqual([]);
  });

  test("is the same after it was built again from nothing", async () => {
    const before = await search("");
    await api.database.pool.query("TRUNCATE effect_search");
    await requestRebuild(api.database.pool);
    await project();
    expect((await search("")).items).toEqual(before.items);
    expect(await runsOf("request.value.order=42")).toEqual([runs.bob]);
  });

  test("is built again where the database was restored into another cluster", async () => {
    await api.database.pool.query("TRUNCATE effect_search");
    await api.database.pool.query("UPDATE effect_search_position SET xid = 1000000000000");
    await project();
    expect(await runsOf("q=ada")).toEqual([runs.lost, runs.ada]);
  });
});

describe("the projection", () => {
  test("finds a row whose transaction was under way while later ones were carried over", async () => {
    const first = await run("shop.buy", { text: "early", value: {} });
    await project();
    await using client = await openClient();
    await client.query("BEGIN");
    await client.query(
      "UPDATE effects SET status = 'in_doubt', written_xid = DEFAULT WHERE run_id = $1",
      [first],
    );
    const second = await run("shop.buy", { text: "overtaking", value: {} });
    await project();
    await project();
    expect(await runsOf("q=overtaking")).toEqual([second]);
    expect(await runsOf(`run=${first}&status=in_doubt`)).toEqual([]);
    await client.query("COMMIT");
    await project();
    expect(await runsOf(`run=${first}&status=in_doubt`)).toEqual([first]);
  });

  test("of two at once one works, and both end well", async () => {
    const runId = await run("shop.buy", { text: "twice", value: {} });
    await Promise.all([project(), project(), project()]);
    expect(await runsOf("q=twice")).toEqual([runId]);
  });

  test("writes nothing while nothing happens", async () => {
    const hasPassedAll = async () => {
      await project();
      const { rows } = await api.database.pool.query(
        "SELECT xid > (SELECT max(written_xid) FROM effects) AS is_past FROM effect_search_position",
      );
      return rows;
    };
    // Transactions of other databases in the same PostgreSQL hold the position back while they last.
    await expect.poll(hasPassedAll, { timeout: 10_000 }).toEqual([{ is_past: true }]);
    const version = async () =>
      (await api.database.pool.query("SELECT xmin, ctid FROM effect_search_position")).rows;
    const before = await version();
    await project();
    expect(await version()).toEqual(before);
  });

  async function openClient() {
    const client = await api.database.pool.connect();
    return Object.assign(client, { [Symbol.asyncDispose]: async () => client.release(true) });
  }
});

describe("the effects of a run", () => {
  test("are exact while it runs, though the ledger's rows are held back", async () => {
    const { runId } = await startInlineRun(runtime, "shop.queue", { text: "queue", value: {} });
    await expect
      .poll(() => probe.typesOf(runId), { interval: 5 })
      .toContain("side_effect.recorded");
    const { items } = await ofRun(runId);
    const { rows } = await api.database.pool.query("SELECT 1 FROM effects WHERE run_id = $1", [
      runId,
    ]);
    expect(rows).toEqual([]);
    expect(items[0]).toMatchObject({ step_path: "first", status: "recorded" });
  });
});

describe("one effect", () => {
  test("comes with what was asked and answered, and what happened when", async () => {
    const runId = await run("shop.buy", { text: "Grace", value: { order: 5 } });
    const [{ effect_id: id } = { effect_id: "" }] = (await ofRun(runId)).items;
    expect(await get(`/effects/${id}`, EffectDetailSchema)).toMatchObject({
      effect: { effect_id: id, run_id: runId, status: "recorded" },
      step_id: "order",
      service_id: "inline",
      request: { text: "Grace", value: { order: 5 } },
      result: { value: { echo: "Grace" } },
      redacted_values: 0,
      history: [
        { event_type: "side_effect.attempted", error: null },
        { event_type: "side_effect.recorded", error: null },
      ],
      run: { skill_id: "shop.buy", status: "completed", lineage_root_run_id: runId },
    });
  });

  test("in doubt says what is known, and has no result", async () => {
    const runId = await run("shop.lose", { text: "Alan", value: {} });
    const [{ effect_id: id } = { effect_id: "" }] = (await ofRun(runId)).items;
    const detail = await get(`/effects/${id}`, EffectDetailSchema);
    expect(detail).toMatchObject({ effect: { status: "in_doubt" }, result: null });
    expect(detail.history.at(-1)).toMatchObject({ event_type: "side_effect.in_doubt" });
    expect(detail.history.at(-1)?.error?.message).not.toBe("");
  });

  test("shows no secret: neither under its name nor where it stands again", async () => {
    const runId = await run("shop.buy", {
      text: "the password is hunter2hunter2, remember",
      value: { password: "hunter2hunter2" },
    });
    const [{ effect_id: id } = { effect_id: "" }] = (await ofRun(runId)).items;
    const detail = await get(`/effects/${id}`, EffectDetailSchema);
    expect(JSON.stringify(detail)).not.toContain("hunter2hunter2");
    expect(detail.redacted_values).toBeGreaterThan(1);
    expect(detail.request).toMatchObject({ text: expect.stringContaining("[redacted") });
  });
});
