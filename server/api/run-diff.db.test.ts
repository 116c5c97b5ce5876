import { beforeAll, describe, expect, test } from "vitest";
import type { JsonObject } from "../../core/json.ts";
import type { NewEvent, StepRef } from "../../core/run-events.ts";
import type { SkillGraph } from "../../core/run-view.ts";
import { DiffSchema } from "./diff-schemas.ts";
import { EMPTY_REGISTRY } from "./testing/empty-registry.ts";
import { startTestApi, type TestApi } from "./testing/start-test-api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({
    registry: {
      ...EMPTY_REGISTRY,
      getSkillGraph: (_tenantId, id, version) => Promise.resolve(graphOf(id, version ?? "1.0.0")),
    },
  });
  await api.addTenant("other");
  return api.close;
});

/** read → each (a foreach) → write, and a lone step; version 1.1.0 asks in between. */
function graphOf(id: string, version: string): SkillGraph {
  const ids = id === "long.chain" ? Array.from({ length: 5000 }, (_, index) => `s${index}`) : null;
  const edges: [string, string[]][] =
    ids === null
      ? [
          ["read", []],
          ["each", ["read"]],
          ["write", ["each"]],
          ["lone", []],
        ]
      : ids.map((each, index) => [each, index === 0 ? [] : [`s${index - 1}`]]);
  return {
    skill_id: id,
    skill_version: version,
    steps: edges.map(([stepId, dependsOn]) => ({
      step_id: stepId,
      uses: "text.do",
      kind: "capability",
      depends_on: dependsOn,
      condition: null,
      loop: stepId === "each" ? "foreach" : null,
      router: null,
      join: "all",
      writes: [],
      reads: [],
    })),
  };
}

type Said = { input?: JsonObject; output?: JsonObject; binding?: string; fails?: string };

function stepEvents(ref: StepRef, { input = {}, output = {}, binding = "b", fails }: Said = {}) {
  const selected = {
    capability_id: "text.do",
    binding_id: binding,
    service_id: "s",
    reason: "only",
  };
  const events: NewEvent[] = [
    { type: "step.started", payload: { ...ref, attempt: 1, input } },
    { type: "capability.selected", payload: { ...ref, ...selected } },
    fails === undefined
      ? { type: "step.completed", payload: { ...ref, output } }
      : {
          type: "step.failed",
          payload: { ...ref, attempt: 1, error: { code: "upstream_failure", message: fails } },
        },
  ];
  return events;
}

async function startRun(
  events: NewEvent[],
  {
    tenantId = "acme",
    skillId = "stock.check",
    inputs = {},
  }: {
    tenantId?: string;
    skillId?: string;
    inputs?: JsonObject;
  } = {},
): Promise<string> {
  const { runId } = await api.runtime.startRun({
    tenantId,
    skillId,
    version: null,
    inputs,
    environment: "dev",
    attributes: {},
    options: {},
    startAt: null,
    actor: "test",
  });
  await api.runtime.append(tenantId, runId, events);
  return runId;
}

const loop = (items: string[], said: (item: string) => Said = () => ({})): NewEvent[] => [
  {
    type: "step.started",
    payload: { step_id: "each", attempt: 1, loop: { kind: "foreach", count: items.length, items } },
  },
  ...items.flatMap((item, index) =>
    stepEvents({ step_id: "each", occurrence: String(index) }, said(item)),
  ),
  {
    type: "step.completed",
    payload: { step_id: "each", output: { all: items.map((item) => said(item).output ?? null) } },
  },
];

async function diff(runId: string, query: string) {
  const response = await api.call(`/api/v1/runs/${runId}/diff?${query}`);
  expect(response.status).toBe(200);
  const text = await response.text();
  return { answer: DiffSchema.parse(JSON.parse(text)), text };
}

async function diffRuns(a: string, b: string) {
  const { answer, text } = await diff(a, `with=${b}`);
  if (answer.kind !== "run") throw new Error("not a diff of runs");
  return { ...answer, text };
}

async function diffRows(a: string, b: string, place: string) {
  const { answer } = await diff(a, `with=${b}&${place}`);
  if (answer.kind !== "rows") throw new Error("not rows of a diff");
  return answer;
}

async function diffStep(a: string, b: string, place: string) {
  const { answer } = await diff(a, `with=${b}&${place}`);
  if (answer.kind !== "step") throw new Error("not a diff of a step");
  return answer;
}

describe("the diff of two runs", () => {
  test("names the first divergence and what follows from it, with hashes instead of payloads", async () => {
    const a = await startRun([
      ...stepEvents({ step_id: "read" }, { output: { secretive: "long text" } }),
      ...loop(["x", "y"], (item) => ({ output: { item } })),
      ...stepEvents({ step_id: "write" }, { input: { n: 2 } }),
      ...stepEvents({ step_id: "lone" }, { binding: "b1" }),
    ]);
    const b = await startRun([
      ...stepEvents({ step_id: "lone" }, { binding: "b2" }),
      ...stepEvents({ step_id: "read" }, { output: { secretive: "long text" } }),
      ...loop(["x", "y"], (item) => (item === "y" ? { fails: "no y" } : { output: { item } })),
    ]);
    const answer = await diffRuns(a, b);
    const { rows } = await diffRows(a, b, "from=0");
    expect(
      rows.map((row) => [row.step_id, row.occurrence, row.differences, row.is_consequence]),
    ).toEqual([
      ["read", null, [], false],
      ["lone", null, ["binding"], false],
      ["each", null, ["output"], false],
      ["each", "0", [], false],
      ["each", "1", ["status", "output", "error"], false],
      ["write", null, ["only_a"], false],
    ]);
    expect(answer.first_divergence).toEqual({ step_id: "lone", occurrence: null });
    expect(answer.totals).toEqual({
      equal: 2,
      differing: 3,
      only_a: 1,
      only_b: 0,
      effects: { a: 0, b: 0 },
    });
    expect(answer.text).not.toContain("long text");
    expect(rows[0]?.a?.output).toEqual({
      hash: expect.stringMatching(/^sha256:jcs1:[0-9a-f]{64}$/),
      bytes: 25,
    });
  });

  test("counts what differs downstream of the first divergence", async () => {
    const events = (fails: Said, n: number) => [
      ...stepEvents({ step_id: "read" }),
      ...loop(["x", "y"], (item) => (item === "y" ? fails : { output: { item } })),
      ...stepEvents({ step_id: "write" }, { input: { n } }),
    ];
    const a = await startRun(events({ output: { item: "y" } }, 2));
    const answer = await diffRuns(a, await startRun(events({ output: { item: "z" } }, 3)));
    expect(answer.first_divergence).toEqual({ step_id: "each", occurrence: "1" });
    expect(answer.consequences).toBe(2);
  });

  test("says how the runs differ as wholes, and compares runs of different skills", async () => {
    const a = await startRun(stepEvents({ step_id: "read" }), { inputs: { text: "a" } });
    const b = await startRun(stepEvents({ step_id: "read" }), { skillId: "stock.count" });
    const answer = await diffRuns(a, b);
    expect(answer.differences).toEqual(["skill", "inputs"]);
    expect(answer.totals.equal).toBe(1);
    expect([answer.a.run_id, answer.b.run_id]).toEqual([a, b]);
  });

  test("finds a run equal to itself", async () => {
    const run = await startRun(loop(["x"]));
    const { first_divergence: first, differences, totals } = await diffRuns(run, run);
    expect([first, differences, totals.equal]).toEqual([null, [], 2]);
  });

  test("follows a run that goes on: a comparison made a moment ago does not stand for it", async () => {
    const a = await startRun(stepEvents({ step_id: "read" }));
    const b = await startRun(stepEvents({ step_id: "read" }));
    expect((await diffRuns(a, b)).totals).toMatchObject({ equal: 1, only_b: 0 });
    await api.runtime.append("acme", b, stepEvents({ step_id: "lone" }));
    expect((await diffRuns(a, b)).totals).toMatchObject({ equal: 1, only_b: 1 });
  });

  test("a list that a loop goes through is its input", async () => {
    const a = await startRun(loop(["x", "y"]));
    const b = await startRun(loop(["x", "z"]));
    expect((await diffRuns(a, b)).first_divergence).toEqual({ step_id: "each", occurrence: null });
    expect((await diffStep(a, b, "step=each")).changes).toEqual([
      { path: "input.items[1]", kind: "changed", before: "y", after: "z" },
    ]);
  });
});

describe("the diff of one step", () => {
  test("names each place that differs, with its values", async () => {
    const events = (said: Said) => loop(["x"], () => said);
    const a = await startRun(events({ input: { n: 1, gone: true }, output: { list: [1] } }));
    const b = await startRun(events({ input: { n: 2 }, output: { list: [1, null] } }));
    const answer = await diffStep(a, b, "step=each&occurrence=0");
    expect(answer).toMatchObject({
      step_id: "each",
      occurrence: "0",
      differences: ["input", "output"],
    });
    expect(answer.changes).toEqual([
      { path: "input.n", kind: "changed", before: 1, after: 2 },
      { path: "input.gone", kind: "removed", before: true },
      { path: "output.list[1]", kind: "added", after: null },
    ]);
  });

  test("shows a step that only one run has as added, its error in place of an output", async () => {
    const a = await startRun([]);
    const b = await startRun(stepEvents({ step_id: "read" }, { input: { n: 1 }, fails: "gone" }));
    const { changes, differences } = await diffStep(a, b, "step=read");
    expect(differences).toEqual(["only_b"]);
    expect(changes).toEqual([
      { path: "input", kind: "added", after: { n: 1 } },
      { path: "error", kind: "added", after: { code: "upstream_failure", message: "gone" } },
    ]);
  });

  test("holds the first 1,000 changes and counts all", async () => {
    const wide = (from: number) => ({
      list: Array.from({ length: 1500 }, (_, index) => from + index),
    });
    const a = await startRun(stepEvents({ step_id: "read" }, { output: wide(0) }));
    const b = await startRun(stepEvents({ step_id: "read" }, { output: wide(1) }));
    const { changes, change_count: count } = await diffStep(a, b, "step=read");
    expect([changes.length, count]).toEqual([1000, 1500]);
  });
});

describe("what cannot be compared", () => {
  test.each([
    ["with=run_1", 404, "run_not_found"],
    ["", 400, "invalid_request"],
    ["with=nonsense", 400, "invalid_request"],
    ["with=SELF&step=nowhere", 404, "not_found"],
    ["with=SELF&occurrence=1", 400, "invalid_request"],
    ["with=SELF&near=nowhere", 404, "not_found"],
    ["with=SELF&near=read&from=1", 400, "invalid_request"],
    ["with=SELF&cursor=nonsense", 400, "invalid_request"],
  ])("?%s answers %i %s", async (query, status, code) => {
    const run = await startRun(stepEvents({ step_id: "read" }));
    const response = await api.call(`/api/v1/runs/${run}/diff?${query.replace("SELF", run)}`);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code } });
  });

  test("another tenant's run answers as an unknown one does, on either side and for a step", async () => {
    const mine = await startRun(stepEvents({ step_id: "read" }));
    const theirs = await startRun(stepEvents({ step_id: "read" }), { tenantId: "other" });
    for (const [path, id] of [
      [`${mine}/diff?with=${theirs}`, theirs],
      [`${theirs}/diff?with=${mine}`, theirs],
      [`${mine}/diff?with=${theirs}&step=read`, theirs],
    ] as const) {
      const response = await api.call(`/api/v1/runs/${path}`);
      const unknown = await api.call(`/api/v1/runs/${path.replace(id, "run_unknown")}`);
      expect(response.status).toBe(404);
      const [told, toldOfUnknown] = [await response.text(), await unknown.text()];
      const plain = (text: string) => text.replace(/"trace_id":"\w+"/, "");
      expect(plain(told).replaceAll(id, "run_unknown")).toBe(plain(toldOfUnknown));
    }
  });

  test("a key without run:read is refused", async () => {
    const run = await startRun([]);
    const key = await api.addKey("acme", ["run:start"]);
    const response = await api.call(`/api/v1/runs/${run}/diff?with=${run}`, {
      headers: { authorization: `Bearer ${key}` },
    });
    expect(response.status).toBe(403);
  });
});

test("two runs of 5,000 steps are compared in one pass over their histories", async () => {
  const body = "x".repeat(2000);
  const chain = (divergesAt: number) =>
    Array.from({ length: 5000 }, (_, index) =>
      stepEvents(
        { step_id: `s${index}` },
        { input: { body, index }, output: { body, late: index >= divergesAt } },
      ),
    ).flat();
  const append = async (divergesAt: number) => {
    const run = await startRun([], { skillId: "long.chain" });
    const events = chain(divergesAt);
    for (let at = 0; at < events.length; at += 500)
      await api.runtime.append("acme", run, events.slice(at, at + 500));
    return run;
  };
  const [a, b] = [await append(5000), await append(3000)];
  const answer = await diffRuns(a, b);
  expect(answer.first_divergence).toEqual({ step_id: "s3000", occurrence: null });
  expect(answer.consequences).toBe(1999);
  expect(answer.totals.equal).toBe(3000);
  // Equal ones are told of, not listed; of the others a page comes at a time.
  expect(answer.text.length).toBeLessThan(300_000);
  expect(answer.entries).toHaveLength(200);
  expect(answer.entries[0]).toEqual({ kind: "equal", from: 0, count: 3000 });
  const keys = new Set<string>();
  for (let cursor = answer.next_cursor; cursor !== null;) {
    const { answer: page } = await diff(a, `with=${b}&limit=500&cursor=${cursor}`);
    if (page.kind !== "run") throw new Error("not a page");
    for (const entry of page.entries) if (entry.kind === "step") keys.add(entry.row.step_id);
    cursor = page.next_cursor;
  }
  expect(keys.size).toBe(2000 - 199);
  expect((await diffRows(a, b, "from=1500&limit=2")).rows.map((row) => row.step_id)).toEqual([
    "s1500",
    "s1501",
  ]);
  expect(await diffRows(a, b, "near=s1234&limit=100")).toMatchObject({ from: 1200 });
  expect((await diffStep(a, b, "step=s4000")).changes).toHaveLength(1);
}, 120_000);
