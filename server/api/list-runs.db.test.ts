import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { EMPTY_REGISTRY } from "./testing/empty-registry.ts";
import { startTestApi, type TestApi } from "./testing/start-test-api.ts";

let api: TestApi;
const ids: string[] = [];
beforeAll(async () => {
  api = await startTestApi({ registry: EMPTY_REGISTRY });
  await api.addTenant("other");
  // Created 1 ms apart, oldest first; the history runtime begins at 2026-01-02T03:04:05.678Z.
  const attributes = [
    { team: "blue" },
    { team: "red" },
    { team: "blue", order: 7 },
    {},
    { note: "50%_off" },
  ];
  for (const [index, value] of attributes.entries()) {
    ids.push(
      await start(
        "acme",
        index % 2 === 0 ? "text.summarize" : "mail.send",
        index < 3 ? "dev" : "prod",
        value,
      ),
    );
  }
  await start("other", "text.summarize", "dev", { team: "blue" });
  await api.runtime.append("acme", ids[1] ?? "", [], "failed");
  await api.runtime.append("acme", ids[2] ?? "", [], "completed");
  return api.close;
});

async function start(
  tenantId: string,
  skillId: string,
  environment: string,
  attributes: Record<string, string | number>,
) {
  const request = {
    tenantId,
    skillId,
    version: null,
    inputs: {},
    environment,
    attributes,
    options: {},
    startAt: null,
    actor: "test",
  };
  return (await api.runtime.startRun(request)).runId;
}

const ListSchema = z.object({
  items: z.array(z.object({ run_id: z.string() })),
  next_cursor: z.string().nullable(),
});
async function list(query: string) {
  const response = await api.call(`/api/v1/runs?${query}`);
  expect(response.status).toBe(200);
  const { items, next_cursor } = ListSchema.parse(await response.json());
  return { places: items.map(({ run_id }) => ids.indexOf(run_id)), next_cursor };
}

describe("the list of runs", () => {
  test.each([
    ["", [4, 3, 2, 1, 0]],
    ["skill=mail.send", [3, 1]],
    ["environment=prod", [4, 3]],
    ["status=failed", [1]],
    ["status=failed&status=completed", [2, 1]],
    ["status=failed,completed", [2, 1]],
    ["status=pending", [4, 3, 0]],
    ["status=pending,running", [4, 3, 0]],
    ["attributes.team=blue", [2, 0]],
    ["attributes.team=blue&attributes.order=7", [2]],
    ["attributes.team=green", []],
    ["q=SUMM", [4, 2, 0]],
    ["q=blue", [2, 0]],
    [`q=${encodeURIComponent("50%_")}`, [4]],
    [`q=${encodeURIComponent("_%")}`, []],
    ["started_after=2026-01-02T03:04:05.680Z", [4, 3, 2]],
    ["started_before=2026-01-02T04:04:05.681%2B01:00", [1, 0]],
    ["skill=text.summarize&environment=dev&attributes.team=blue&status=pending", [0]],
  ])("with %j shows the runs of this tenant that fit, newest first", async (query, places) => {
    expect((await list(query)).places).toEqual(places);
  });

  test("finds a run by its id and by the beginning of it", async () => {
    const id = ids[3] ?? "";
    expect((await list(`q=${id}`)).places).toEqual([3]);
    expect((await list(`q=${id.slice(0, -1)}`)).places).toContain(3);
    expect((await list("q=run_zzz")).places).toEqual([]);
  });

  test("continues where the page before ended, whatever started meanwhile", async () => {
    const first = await list("limit=2");
    expect(first.places).toEqual([4, 3]);
    const late = await start("acme", "text.summarize", "dev", {});
    const second = await list(`limit=2&cursor=${first.next_cursor}`);
    expect(second.places).toEqual([2, 1]);
    const third = await list(`limit=2&cursor=${second.next_cursor}`);
    expect(third).toEqual({ places: [0], next_cursor: null });
    await api.database.pool.query("DELETE FROM runs WHERE run_id = $1", [late]);
  });

  test("of runs of one millisecond misses and repeats none", async () => {
    await api.database.pool.query(
      "UPDATE runs SET created_at = '2026-01-01T00:00:00Z' WHERE tenant_id = 'other'",
    );
    const twins: string[] = [];
    for (let index = 0; index < 5; index += 1)
      twins.push(await start("acme", "twin.skill", "dev", {}));
    await api.database.pool.query(
      "UPDATE runs SET created_at = '2026-01-05T00:00:00Z' WHERE skill_id = 'twin.skill'",
    );
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const response = await api.call(
        `/api/v1/runs?skill=twin.skill&limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`,
      );
      const page = ListSchema.parse(await response.json());
      seen.push(...page.items.map(({ run_id }) => run_id));
      cursor = page.next_cursor;
    }
    expect(seen).toEqual(twins.sort().reverse());
  });
});

test("a run shows its inputs, options, parent and children", async () => {
  const parent = await start("acme", "text.summarize", "dev", {});
  const child = await start("acme", "text.summarize", "dev", {});
  await api.database.pool.query("UPDATE runs SET parent_run_id = $1 WHERE run_id = $2", [
    parent,
    child,
  ]);
  expect(await (await api.call(`/api/v1/runs/${parent}`)).json()).toMatchObject({
    run_id: parent,
    inputs: {},
    outputs: null,
    options: {},
    child_run_ids: [child],
  });
});

test("the figures count this tenant's runs only", async () => {
  await api.database.pool.query(
    "UPDATE runs SET status = 'failed', finished_at = now() WHERE tenant_id = 'other'",
  );
  const stats = await (await api.call("/api/v1/stats")).json();
  expect(stats).toMatchObject({
    runs: { by_status: { failed: 1 }, failed_last_hour: 0 },
    active_runs: 2,
    journal: { flushes: 3 },
  });
});
