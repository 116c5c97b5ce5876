import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { PERMISSIONS } from "../../core/permissions.ts";
import {
  CheckpointViewSchema,
  CheckpointChangesSchema,
  CheckpointStateSchema,
} from "../api/checkpoint-schemas.ts";
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

const catalog = inlineCatalog({
  capabilities: ["test.value.echo", "test.value.large", "test.value.broken"].map((id) => ({
    id,
    outputs: ["value"],
  })),
  skills: [
    {
      id: "test.letter",
      steps: [
        {
          id: "greet",
          uses: "test.value.echo",
          input: { value: "inputs.name" },
          output: { value: "vars.greeting" },
        },
        {
          id: "ask",
          uses: "wait.signal",
          input: { name: "go" },
          output: { payload: "vars.answer" },
        },
        {
          id: "close",
          uses: "test.value.echo",
          input: { value: "vars.answer" },
          output: { value: "outputs.letter" },
        },
      ],
    },
    {
      id: "test.pile",
      steps: [
        {
          id: "grow",
          uses: "test.value.large",
          input: { value: "iteration" },
          output: { value: "vars.list" },
          config: { while: { condition: "true", max_iterations: 20 }, merge_strategy: "append" },
        },
        { id: "ask", uses: "wait.signal", input: { name: "go" } },
        { id: "close", uses: "test.value.echo", output: { value: "outputs.closed" } },
      ],
    },
    { id: "test.broken", steps: [{ id: "fails", uses: "test.value.broken" }] },
  ].map((skill) => ({ version: "1.0.0", name: skill.id, description: skill.id, ...skill })),
});

let api: TestApi;
let runtime: Runtime;
let key: string;
let probe: RunProbe;
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
      "test.value.echo": ({ value }) => ({ value: value ?? null }),
      "test.value.large": ({ value }) => ({ value: [`${Number(value)} ${"x".repeat(50_000)}`] }),
      "test.value.broken": () => Promise.reject(new Error("broken")),
    },
  });
  return async () => {
    await runtime.stop();
    await api.close();
  };
});

const ErrorSchema = z.object({
  error: z.looseObject({ code: z.string(), message: z.string(), hint: z.string().optional() }),
});
const ListSchema = listOf(CheckpointViewSchema);
const AnswerSchema = z.object({ checkpoint: CheckpointViewSchema });

function ask(path: string, method: "GET" | "POST" = "GET", authorization = key): Promise<Response> {
  return api.call(`/api/v1/runs/${path}`, {
    method,
    headers: { authorization: `Bearer ${authorization}` },
    ...(method === "POST" ? { body: "{}" } : {}),
  });
}
async function get<T>(
  path: string,
  schema: z.ZodType<T>,
  method: "GET" | "POST" = "GET",
): Promise<T> {
  const response = await ask(path, method);
  expect(response.status).toBe(200);
  return schema.parse(await response.json());
}
const list = (runId: string, query = "") => get(`${runId}/checkpoints${query}`, ListSchema);
const stateAt = (runId: string, checkpointId: string) =>
  get(`${runId}/checkpoints/${checkpointId}/state`, CheckpointStateSchema);
const changesAt = (runId: string, checkpointId: string) =>
  get(`${runId}/checkpoints/${checkpointId}/changes`, CheckpointChangesSchema);
async function refusalOf(path: string, method?: "GET" | "POST") {
  const response = await ask(path, method);
  return { status: response.status, ...ErrorSchema.parse(await response.json()).error };
}

/** A run that waits for a signal, which leaves a snapshot, and then goes on to its end. */
async function runAcrossWait(skill: "test.letter" | "test.pile"): Promise<string> {
  const { runId } = await startInlineRun(runtime, skill, { name: "Ada" });
  await probe.until(runId, "waiting_for_signal");
  await runtime.command({
    tenantId: INLINE_TENANT,
    runId,
    actor: "test",
    kind: "signal",
    signalId: `sig_${runId}`,
    name: "go",
    payload: "farewell",
  });
  await probe.untilEnded(runId);
  return runId;
}

async function runToEnd(skill: string): Promise<string> {
  const { runId } = await startInlineRun(runtime, skill);
  await probe.untilEnded(runId);
  return runId;
}

describe("a run's checkpoints", () => {
  test("stand at its start, its waits, the ends of its steps and its own, each after its parent", async () => {
    const { items, next_cursor } = await list(await runAcrossWait("test.letter"));
    expect(next_cursor).toBeNull();
    expect(items.map(({ kind, step_path }) => [kind, step_path])).toEqual([
      ["run_started", null],
      ["step_completed", "greet"],
      ["waiting_for_signal", null],
      ["step_completed", "ask"],
      ["step_completed", "close"],
      ["run_finished", null],
    ]);
    expect(items.map(({ parent_checkpoint_id }) => parent_checkpoint_id)).toEqual([
      null,
      ...items.slice(0, -1).map(({ checkpoint_id }) => checkpoint_id),
    ]);
  });

  test("stand at the failure of a step and of the run too", async () => {
    const { items } = await list(await runToEnd("test.broken"));
    expect(items.map(({ kind }) => kind)).toEqual([
      "run_started",
      "step_completed",
      "run_finished",
    ]);
  });

  test("come page by page, without gap or duplicate", async () => {
    const runId = await runAcrossWait("test.letter");
    const { items: all } = await list(runId);
    const paged = [];
    let query = "?limit=2";
    for (;;) {
      const { items, next_cursor } = await list(runId, query);
      expect(items.length).toBeLessThanOrEqual(2);
      paged.push(...items);
      if (next_cursor === null) break;
      query = `?limit=2&cursor=${next_cursor}`;
    }
    expect(paged).toEqual(all);
  });

  test("are told one by one, the newest by the name latest", async () => {
    const runId = await runAcrossWait("test.letter");
    const { items } = await list(runId);
    for (const checkpoint of items)
      expect(
        await get(`${runId}/checkpoints/${checkpoint.checkpoint_id}`, CheckpointViewSchema),
      ).toEqual(checkpoint);
    expect(await get(`${runId}/checkpoints/latest`, CheckpointViewSchema)).toEqual(items.at(-1));
  });
});

describe("the state at a checkpoint", () => {
  test("is what the run had then, also while and after it went on", async () => {
    const runId = await runAcrossWait("test.letter");
    const { items } = await list(runId);
    const states = await Promise.all(
      items.map(async ({ checkpoint_id }) => (await stateAt(runId, checkpoint_id)).state),
    );
    expect(states.map(({ status, vars, outputs }) => ({ status, vars, outputs }))).toEqual([
      { status: "running", vars: {}, outputs: {} },
      { status: "running", vars: { greeting: "Ada" }, outputs: {} },
      { status: "waiting_for_signal", vars: { greeting: "Ada" }, outputs: {} },
      { status: "running", vars: { greeting: "Ada", answer: "farewell" }, outputs: {} },
      {
        status: "running",
        vars: { greeting: "Ada", answer: "farewell" },
        outputs: { letter: "farewell" },
      },
      {
        status: "completed",
        vars: { greeting: "Ada", answer: "farewell" },
        outputs: { letter: "farewell" },
      },
    ]);
    expect(states[2]).toMatchObject({
      inputs: { name: "Ada" },
      steps: { greet: { status: "completed" }, ask: { wait: { kind: "signal", name: "go" } } },
      written_targets: ["vars.greeting"],
    });
  });

  test("is the same from a snapshot as from the events alone", async () => {
    const runId = await runAcrossWait("test.pile");
    const { items } = await list(runId);
    const read = () => Promise.all(items.map(({ checkpoint_id }) => stateAt(runId, checkpoint_id)));
    const fromSnapshots = await read();
    const { rowCount } = await api.database.pool.query("DELETE FROM snapshots WHERE run_id = $1", [
      runId,
    ]);
    expect(rowCount).toBeGreaterThan(0);
    expect(fromSnapshots).toEqual(await read());
  });

  test("is refused from a snapshot that was changed, and told again once that is deleted", async () => {
    const runId = await runAcrossWait("test.pile");
    await api.database.pool.query(
      "UPDATE snapshots SET body = convert_to(replace(convert_from(body, 'UTF8'), 'xxx', 'xyx'), 'UTF8') WHERE run_id = $1",
      [runId],
    );
    expect(await refusalOf(`${runId}/checkpoints/latest/state`)).toMatchObject({
      status: 409,
      code: "invalid_configuration",
      message: expect.stringMatching(/^The snapshot at event \d+ does not fit its hash\.$/),
      hint: expect.stringContaining("Delete the snapshot"),
    });
    await api.database.pool.query("DELETE FROM snapshots WHERE run_id = $1", [runId]);
    await stateAt(runId, "latest");
  });

  test("is refused after an event that was changed, naming where, and told before it", async () => {
    const runId = await runAcrossWait("test.letter");
    await api.database.pool.query("DELETE FROM snapshots WHERE run_id = $1", [runId]);
    await api.database.pool.query(
      "UPDATE event_segments SET body = convert_to(replace(convert_from(body, 'UTF8'), 'farewell', 'farewelk'), 'UTF8') WHERE run_id = $1",
      [runId],
    );
    const { items } = await list(runId);
    const [, , waiting, asked] = items;
    expect((await stateAt(runId, waiting?.checkpoint_id ?? "")).state).toMatchObject({
      vars: { greeting: "Ada" },
    });
    for (const what of ["state", "changes"])
      expect(await refusalOf(`${runId}/checkpoints/latest/${what}`)).toMatchObject({
        status: 409,
        code: "invalid_configuration",
        message: `The history of run ${runId} is damaged at event ${asked?.sequence}: its hash does not fit.`,
        hint: "Restore the run's events from a backup.",
      });
  });

  test.each([
    ["no JSON", "'x'"],
    ["no UTF-8", "'\\xff'"],
    ["no events", "'[1]'"],
  ])("is refused where a segment holds %s", async (_name, body) => {
    const runId = await runAcrossWait("test.letter");
    await api.database.pool.query(
      `UPDATE event_segments SET body = ${body}::bytea WHERE run_id = $1 AND first_seq = 1`,
      [runId],
    );
    await api.database.pool.query("DELETE FROM snapshots WHERE run_id = $1", [runId]);
    expect(await refusalOf(`${runId}/checkpoints/latest/state`)).toMatchObject({
      status: 409,
      code: "invalid_configuration",
      message: "The run's history is damaged: a stored segment of it does not hold events.",
    });
  });

  test("is refused where a stretch of events is missing", async () => {
    const runId = await runAcrossWait("test.letter");
    await api.database.pool.query("DELETE FROM snapshots WHERE run_id = $1", [runId]);
    await api.database.pool.query(
      "DELETE FROM event_segments WHERE run_id = $1 AND first_seq = (SELECT min(first_seq) FROM event_segments WHERE run_id = $1)",
      [runId],
    );
    expect(await refusalOf(`${runId}/checkpoints/latest/state`)).toMatchObject({
      status: 409,
      code: "invalid_configuration",
      message: expect.stringContaining("an event is missing before it"),
    });
  });
});

describe("what changed at a checkpoint", () => {
  test("is told by place, size and small value, compared with the checkpoint before", async () => {
    const runId = await runAcrossWait("test.letter");
    const { items } = await list(runId);
    const close = items[4];
    const { items: changes, ...counts } = await changesAt(runId, close?.checkpoint_id ?? "");
    expect(changes).toEqual([
      {
        path: "outputs.letter",
        kind: "added",
        bytes_before: null,
        bytes_after: 10,
        after: "farewell",
      },
      {
        path: "steps.close",
        kind: "added",
        bytes_before: null,
        bytes_after: 34,
        after: { status: "completed", attempt: 1 },
      },
      {
        path: "written_targets[2]",
        kind: "added",
        bytes_before: null,
        bytes_after: 16,
        after: "outputs.letter",
      },
    ]);
    expect(counts).toMatchObject({ checkpoint: close, added: 3, changed: 0, removed: 0 });
    expect(counts.bytes_after - counts.bytes_before).toBe(
      '"letter":"farewell"'.length +
        ',"close":{"status":"completed","attempt":1}'.length +
        ',"outputs.letter"'.length,
    );
  });

  test("is told too where the checkpoint before is the one that left a snapshot", async () => {
    const runId = await runAcrossWait("test.letter");
    const { items } = await list(runId);
    const [, , waiting, asked] = items;
    const { rows } = await api.database.pool.query(
      "SELECT sequence FROM snapshots WHERE run_id = $1",
      [runId],
    );
    expect(rows).toEqual([{ sequence: waiting?.sequence }]);
    const { items: changes } = await changesAt(runId, asked?.checkpoint_id ?? "");
    expect(changes.map(({ path, kind }) => [path, kind])).toEqual([
      ["status", "changed"],
      ["vars.answer", "added"],
      ["steps.ask.status", "changed"],
      ["steps.ask.input", "removed"],
      ["steps.ask.wait", "removed"],
      ["written_targets[1]", "added"],
    ]);
  });

  test("is told at the first one against a run of which nothing was known", async () => {
    const runId = await runAcrossWait("test.letter");
    const { items } = await list(runId);
    const first = await changesAt(runId, items[0]?.checkpoint_id ?? "");
    expect(first.items.map(({ path, kind }) => [path, kind])).toEqual([
      ["status", "changed"],
      ["inputs.name", "added"],
      ["environment", "changed"],
      ["options.trust_level", "added"],
      ["lineage_root_run_id", "changed"],
      ["created_at", "changed"],
      ["started_at", "changed"],
    ]);
  });

  test("tells a large value by its size alone", async () => {
    const runId = await runAcrossWait("test.pile");
    const { items } = await list(runId);
    const third = items.filter(({ step_path }) => step_path?.startsWith("grow#") === true)[2];
    const { items: changes } = await changesAt(runId, third?.checkpoint_id ?? "");
    expect(changes).toContainEqual({
      path: "vars.list[2]",
      kind: "added",
      bytes_before: null,
      bytes_after: 50_004,
    });
  });
});

describe("an id that names no checkpoint of the run", () => {
  test.each([
    ["an event that is none", (runId: string) => `chk_${runId.slice(4)}_1`],
    ["a place beyond the head", (runId: string) => `chk_${runId.slice(4)}_999999`],
    ["a place beyond all numbers", (runId: string) => `chk_${runId.slice(4)}_99999999999`],
    ["nonsense", () => "first"],
  ])("%s is checkpoint_not_found", async (_name, idOf) => {
    const runId = await runToEnd("test.broken");
    for (const [method, verb] of [
      ["GET", ""],
      ["GET", "/state"],
      ["GET", "/changes"],
      ["POST", "/pin"],
      ["POST", "/unpin"],
    ] as const)
      expect(await refusalOf(`${runId}/checkpoints/${idOf(runId)}${verb}`, method)).toMatchObject({
        status: 404,
        code: "checkpoint_not_found",
      });
  });

  test("another run's is checkpoint_not_found, and an unknown run's is run_not_found", async () => {
    const [one, other] = [await runToEnd("test.broken"), await runToEnd("test.broken")];
    const id = (await list(other)).items[0]?.checkpoint_id ?? "";
    expect((await refusalOf(`${one}/checkpoints/${id}/state`)).code).toBe("checkpoint_not_found");
    expect((await refusalOf(`run_0/checkpoints/${id}/state`)).code).toBe("run_not_found");
  });

  test("another tenant gets the answer that it gets for a run that does not exist", async () => {
    const runId = await runToEnd("test.broken");
    const id = (await list(runId)).items[0]?.checkpoint_id ?? "";
    const foreign = await ask(`${runId}/checkpoints/${id}/state`, "GET", api.key);
    const unknown = await ask(`run_0/checkpoints/${id}/state`, "GET", api.key);
    const textOf = async (response: Response, id: string) =>
      JSON.stringify(ErrorSchema.parse(await response.json()).error).replaceAll(id, "…");
    expect([foreign.status, unknown.status]).toEqual([404, 404]);
    expect(await textOf(foreign, runId)).toBe(await textOf(unknown, "run_0"));
  });

  test("latest is checkpoint_not_found while the run has none", async () => {
    const runId = await runToEnd("test.broken");
    await api.database.pool.query("DELETE FROM event_segments WHERE run_id = $1", [runId]);
    expect(await refusalOf(`${runId}/checkpoints/latest`)).toMatchObject({
      code: "checkpoint_not_found",
      message: `Run ${runId} has no checkpoint yet.`,
    });
  });
});

describe("pinning", () => {
  test("marks a checkpoint until it is unpinned, however often each is said, and finds the pinned ones", async () => {
    const runId = await runAcrossWait("test.letter");
    const { items } = await list(runId);
    const [, second, , fourth] = items;
    const pin = (id: string | undefined, verb: "pin" | "unpin") =>
      get(`${runId}/checkpoints/${id}/${verb}`, AnswerSchema, "POST");
    for (const id of [fourth?.checkpoint_id, second?.checkpoint_id, second?.checkpoint_id])
      expect((await pin(id, "pin")).checkpoint).toMatchObject({ checkpoint_id: id, pinned: true });
    expect((await list(runId)).items.map(({ pinned }) => pinned)).toEqual([
      false,
      true,
      false,
      true,
      false,
      false,
    ]);
    expect((await list(runId, "?pinned=true")).items).toEqual([
      { ...second, pinned: true },
      { ...fourth, pinned: true },
    ]);
    const page = await list(runId, "?pinned=true&limit=1");
    expect(page.items).toEqual([{ ...second, pinned: true }]);
    expect((await list(runId, `?pinned=true&cursor=${page.next_cursor}`)).items).toEqual([
      { ...fourth, pinned: true },
    ]);
    for (const _ of [1, 2])
      expect((await pin(second?.checkpoint_id, "unpin")).checkpoint).toEqual(second);
    expect((await list(runId, "?pinned=true")).items).toHaveLength(1);
    const { rows } = await api.database.pool.query(
      "SELECT sequence, pinned_by LIKE 'key_%' AS is_by_key FROM checkpoint_pins WHERE run_id = $1",
      [runId],
    );
    expect(rows).toEqual([{ sequence: fourth?.sequence, is_by_key: true }]);
  });
});
