import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { diffRuns } from "./run-diff.ts";
import type { ComparedRun, DiffRow, StepsDiff, StepSummary } from "./run-diff-view.ts";
import { occurrenceKey, STEP_STATUSES } from "./step.ts";

const step = (place: string, said: Partial<StepSummary> = {}): StepSummary => {
  const [stepId = "", occurrence = null] = place.split("#");
  return {
    step_id: stepId,
    occurrence,
    status: "completed",
    uses: "text.do",
    binding: { binding_id: "b", service_id: "s" },
    attempts: 1,
    duration_ms: 5,
    input: { hash: "in", bytes: 2 },
    output: { hash: "out", bytes: 2 },
    error: null,
    child_run_id: null,
    effects: 0,
    ...said,
  };
};
const other = { output: { hash: "other", bytes: 9 } };

type Loop = "foreach" | "while" | "scatter" | null;
const graphOf = (edges: Record<string, string[]>, loops: Record<string, Loop> = {}) => ({
  steps: Object.entries(edges).map(([id, dependsOn]) => ({
    step_id: id,
    uses: "text.do",
    kind: "capability" as const,
    depends_on: dependsOn,
    condition: null,
    loop: loops[id] ?? null,
    router: null,
    join: "all",
    writes: [],
    reads: [],
  })),
});
const chain = graphOf({ a: [], b: ["a"], c: ["b"], d: [] });
const places = (rows: readonly DiffRow[]) =>
  rows.map((row) => occurrenceKey(row.step_id, row.occurrence ?? undefined));

describe("diffRuns", () => {
  test("says per step what differs, and passes over how long it took", () => {
    const before = [step("a"), step("b"), step("c")];
    const after = [
      step("a", { duration_ms: 900 }),
      step("b", {
        status: "failed",
        binding: { binding_id: "b2", service_id: "s" },
        input: { hash: "in2", bytes: 3 },
        output: null,
        error: { code: "upstream_failure", message: "gone" },
        attempts: 3,
      }),
      step("d", { effects: 2 }),
    ];
    const diff = diffRuns({ steps: before, graph: chain }, { steps: after, graph: chain });
    expect(diff.rows.map((row) => [row.step_id, row.differences])).toEqual([
      ["a", []],
      ["d", ["only_b"]],
      ["b", ["status", "binding", "input", "output", "error", "attempts"]],
      ["c", ["only_a"]],
    ]);
    expect(diff.totals).toEqual({
      equal: 1,
      differing: 1,
      only_a: 1,
      only_b: 1,
      effects: { a: 0, b: 2 },
    });
  });

  test("a result that a replay reuses is equal to the one that it comes from, however that came about", () => {
    const reused = { uses: null, binding: null, attempts: 1 };
    const diff = diffRuns(
      { steps: [step("a", { attempts: 3 }), step("b")], graph: chain },
      { steps: [step("a", reused), step("b", { ...reused, ...other })], graph: chain },
    );
    expect(diff.rows.map((row) => [row.step_id, row.differences])).toEqual([
      ["a", []],
      ["b", ["output"]],
    ]);
  });

  test("counts as consequences what differs downstream, not what differs elsewhere", () => {
    const graph = graphOf({ a: [], b: ["a"], c: ["b"], lone: [], same: ["a"] });
    const all = ["a", "b", "c", "lone", "same"];
    const diff = diffRuns(
      { steps: all.map((id) => step(id)), graph },
      { steps: all.map((id) => step(id, id === "same" ? {} : other)), graph },
    );
    expect(diff.first_divergence).toEqual({ step_id: "a", occurrence: null });
    expect(diff.consequences).toBe(2);
    expect(places(diff.rows.filter((row) => row.is_consequence))).toEqual(["b", "c"]);
  });

  test("a loop that ends otherwise because of an occurrence is a consequence of it", () => {
    const graph = graphOf({ each: [], after: ["each"] }, { each: "foreach" });
    const diff = diffRuns(
      { steps: [step("each"), step("each#0"), step("each#1"), step("after")], graph },
      { steps: [step("each", other), step("each#0"), step("each#1", other), step("after")], graph },
    );
    expect(diff.first_divergence).toEqual({ step_id: "each", occurrence: "1" });
    expect(diff.consequences).toBe(1);
  });

  test("a loop over another list is itself where the runs part", () => {
    const graph = graphOf({ each: [] }, { each: "foreach" });
    const diff = diffRuns(
      { steps: [step("each"), step("each#0")], graph },
      { steps: [step("each", { input: { hash: "x", bytes: 1 } }), step("each#0", other)], graph },
    );
    expect(diff.first_divergence).toEqual({ step_id: "each", occurrence: null });
    expect(diff.consequences).toBe(1);
  });

  test.each([
    ["while", 2],
    ["foreach", 1],
  ] as const)("after iteration 1 of a %s, %i rows follow from it", (kind, count) => {
    const graph = graphOf({ loop: [] }, { loop: kind });
    const names = ["loop", "loop#0", "loop#1", "loop#2"];
    const diff = diffRuns(
      { steps: names.map((name) => step(name)), graph },
      { steps: names.map((name) => step(name, name === "loop#0" ? {} : other)), graph },
    );
    expect(diff.first_divergence).toEqual({ step_id: "loop", occurrence: "1" });
    expect(diff.consequences).toBe(count);
  });

  test("orders occurrences by number, and a scatter's as they began", () => {
    const graph = graphOf({ each: [], fan: ["each"] }, { each: "foreach", fan: "scatter" });
    const a = ["fan", "fan#z", "fan#b", "each#2", "each", "each#0"].map((name) => step(name));
    const b = ["each#10", "each#9", "fan#b"].map((name) => step(name));
    expect(places(diffRuns({ steps: a, graph }, { steps: b, graph }).rows)).toEqual([
      "each",
      "each#0",
      "each#2",
      "each#9",
      "each#10",
      "fan",
      "fan#z",
      "fan#b",
    ]);
  });

  test("aligns runs of different versions by step id and looks downstream in both graphs", () => {
    const newer = graphOf({ a: [], check: ["a"], b: ["check"], c: ["b"] });
    const diff = diffRuns(
      { steps: ["a", "b", "c"].map((id) => step(id)), graph: chain },
      {
        steps: ["a", "check", "b", "c"].map((id) => step(id, id === "c" ? other : {})),
        graph: newer,
      },
    );
    expect(places(diff.rows)).toEqual(["a", "check", "b", "c"]);
    expect(diff.first_divergence).toEqual({ step_id: "check", occurrence: null });
    expect(diff.consequences).toBe(1);
  });

  test("compares 100,000 occurrences in a moment", () => {
    const graph = graphOf({ each: [] }, { each: "foreach" });
    const steps = Array.from({ length: 100_000 }, (_, index) => step(`each#${index}`));
    const before = performance.now();
    expect(diffRuns({ steps, graph }, { steps, graph }).totals.equal).toBe(100_000);
    expect(performance.now() - before).toBeLessThan(5_000);
  });
});

describe("for any two runs", () => {
  test("a run is equal to itself", () => {
    fc.assert(
      fc.property(anyRun(), (run) => {
        const { rows, first_divergence: first, consequences, totals } = diffRuns(run, run);
        expect([rows.length, first, consequences]).toEqual([run.steps.length, null, 0]);
        expect(totals.equal).toBe(run.steps.length);
      }),
    );
  });

  test("every step of both sides stands in exactly one row, and the totals count all rows", () => {
    fc.assert(
      fc.property(anyRun(), anyRun(), (a, b) => {
        const { rows, totals } = diffRuns(a, b);
        const keysOf = (steps: ComparedRun["steps"]) =>
          steps.map((each) => occurrenceKey(each.step_id, each.occurrence ?? undefined)).toSorted();
        expect(places(rows.filter((row) => row.a !== null)).toSorted()).toEqual(keysOf(a.steps));
        expect(places(rows.filter((row) => row.b !== null)).toSorted()).toEqual(keysOf(b.steps));
        expect(new Set(places(rows)).size).toBe(rows.length);
        const { equal, differing, only_a: onlyA, only_b: onlyB } = totals;
        expect(equal + differing + onlyA + onlyB).toBe(rows.length);
      }),
    );
  });

  test("swapping the runs swaps the sides and nothing else", () => {
    fc.assert(
      fc.property(anyRun(), anyRun(), (a, b) => {
        expect(diffRuns(b, a)).toEqual(swapped(diffRuns(a, b)));
      }),
    );
  });

  test("there is a first divergence exactly where something differs, and it is no consequence", () => {
    fc.assert(
      fc.property(anyRun(), anyRun(), (a, b) => {
        const { rows, first_divergence: first, consequences } = diffRuns(a, b);
        const differing = rows.filter((row) => row.differences.length > 0);
        expect(first === null).toBe(differing.length === 0);
        const row = differing.find(
          (each) => each.step_id === first?.step_id && each.occurrence === first.occurrence,
        );
        expect(row?.is_consequence ?? false).toBe(false);
        expect(consequences).toBeLessThanOrEqual(Math.max(0, differing.length - 1));
      }),
    );
  });
});

function swapped(diff: StepsDiff): StepsDiff {
  const { totals } = diff;
  return {
    ...diff,
    rows: diff.rows.map((row) => ({
      ...row,
      a: row.b,
      b: row.a,
      differences: row.differences.map((name) =>
        name === "only_a" ? "only_b" : name === "only_b" ? "only_a" : name,
      ),
    })),
    totals: {
      ...totals,
      only_a: totals.only_b,
      only_b: totals.only_a,
      effects: { a: totals.effects.b, b: totals.effects.a },
    },
  };
}

/** Runs over up to six steps whose graphs agree in nothing but the names. */
function anyRun(): fc.Arbitrary<ComparedRun> {
  const ids = ["s0", "s1", "s2", "s3", "s4", "s5"];
  const place = fc
    .tuple(fc.constantFrom(...ids, "unplanned"), fc.option(fc.constantFrom("0", "1", "10", "x")))
    .map(([id, name]) => (name === null ? id : `${id}#${name}`));
  const digest = fc.option(fc.constantFrom("h1", "h2").map((hash) => ({ hash, bytes: 1 })));
  const summary = fc.record({
    status: fc.constantFrom(...STEP_STATUSES),
    attempts: fc.integer({ min: 1, max: 2 }),
    duration_ms: fc.option(fc.nat()),
    input: digest,
    output: digest,
    effects: fc.nat(2),
  });
  const graph = fc
    .tuple(
      fc.shuffledSubarray(ids),
      fc.array(fc.nat(9), { minLength: 6, maxLength: 6 }),
      fc.constantFrom<Loop>(null, "while", "foreach"),
    )
    .map(([order, choices, loop]) =>
      graphOf(
        Object.fromEntries(
          order.map((id, index) => [id, order.slice(0, index).slice(0, choices[index])]),
        ),
        { s0: loop },
      ),
    );
  return fc.record({
    steps: fc
      .uniqueArray(fc.tuple(place, summary), { selector: ([name]) => name, maxLength: 12 })
      .map((drawn) => drawn.map(([name, said]) => step(name, said))),
    graph,
  });
}
