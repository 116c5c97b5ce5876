import { expect, test } from "vitest";
import { DeedCollector } from "./acted-effects.ts";
import { CapabilitySchema } from "./capability.ts";
import { compileCompensation } from "./compensation-mapping.ts";
import type { JsonObject } from "./json.ts";
import { planCompensation, type ActedRun } from "./plan-compensation.ts";
import type { NewEvent } from "./run-events.ts";

const compensationOf = (input?: JsonObject) => {
  const compensation = { capability: "a.b.undo", ...(input === undefined ? {} : { input }) };
  return compileCompensation({ effect: CapabilitySchema.shape.effect.parse({ compensation }) });
};
const MAPPED = compensationOf({ id: "outputs.id", note: "inputs.note", why: "undone" });
const find = (id: string) => MAPPED ?? { reason: `${id} has none` };

/** The events of one call: begun, announced, and what came of it. */
function call(
  stepId: string,
  effectId: string,
  came: "recorded" | "failed" | "in_doubt",
  more: { occurrence?: string; input?: JsonObject; compensates?: string } = {},
): NewEvent[] {
  const { occurrence, input = { note: stepId }, compensates } = more;
  const ref = { step_id: stepId, ...(occurrence === undefined ? {} : { occurrence }) };
  const error = { code: "upstream_failure" as const, message: "no" };
  const about = { ...ref, effect_id: effectId };
  const announced: NewEvent = {
    type: "side_effect.attempted",
    payload: {
      ...about,
      step_path: stepId,
      capability_id: "a.b.do",
      binding_id: "b",
      binding_revision: 1,
      effect_class: "write",
      idempotency_key: effectId,
      request_hash: "h",
      replay_policy: "use_recorded_result",
      attempts: 1,
      ...(compensates === undefined ? {} : { compensates_effect_id: compensates }),
    },
  };
  const start: NewEvent = { type: "step.started", payload: { ...ref, attempt: 1, input } };
  const failed: NewEvent = { type: "step.failed", payload: { ...ref, attempt: 1, error } };
  if (came === "recorded") {
    return [
      start,
      announced,
      { type: "side_effect.recorded", payload: { ...about, response_hash: "r" } },
      { type: "step.completed", payload: { ...ref, output: { id: `id of ${effectId}` } } },
    ];
  }
  const outcome: NewEvent =
    came === "failed"
      ? { type: "side_effect.failed", payload: { ...about, error } }
      : { type: "side_effect.in_doubt", payload: { ...about, error } };
  return [start, announced, outcome, failed];
}

function acted(events: readonly NewEvent[], nested: Record<string, ActedRun> = {}): ActedRun {
  const collector = new DeedCollector();
  for (const [index, event] of events.entries()) collector.add(event, index + 1);
  const { deeds, undone } = collector;
  return { deeds, undone, nested: new Map(Object.entries(nested)) };
}

const idsOf = (effects: readonly { effect_id: string }[]) => effects.map(({ effect_id: id }) => id);

test("effects are undone the last first, with what they were asked and answered", () => {
  const run = acted([...call("a", "e1", "recorded"), ...call("b", "e2", "recorded")]);
  const { undo, left } = planCompensation(run, "backward", find);
  expect(idsOf(undo)).toEqual(["e2", "e1"]);
  expect(undo[1]).toEqual({
    step_id: "a",
    effect_id: "e1",
    capability_id: "a.b.do",
    uses: "a.b.undo",
    input: { id: "id of e1", note: "a", why: "undone" },
    is_certain: true,
  });
  expect(left).toEqual([]);
});

test("an optional input that was not given is not given on", () => {
  const run = acted(call("a", "e1", "recorded", { input: {} }));
  expect(planCompensation(run, "backward", find).undo[0]?.input).toEqual({
    id: "id of e1",
    why: "undone",
  });
});

test("failed calls did nothing; of those in doubt that are undone for which the request is enough", () => {
  const run = acted([
    ...call("a", "e1", "recorded"),
    ...call("b", "e2", "failed"),
    ...call("c", "e3", "in_doubt"),
  ]);
  const byOutput = planCompensation(run, "backward", find);
  expect(idsOf(byOutput.undo)).toEqual(["e1"]);
  expect(byOutput.left).toMatchObject([
    { effect_id: "e3", reason: expect.stringContaining("what it brought is not known") },
  ]);
  const byInput = compensationOf({ note: "inputs.note" });
  const { undo } = planCompensation(run, "backward", () => byInput ?? { reason: "" });
  expect(undo).toMatchObject([
    { effect_id: "e3", is_certain: false, input: { note: "c" } },
    { effect_id: "e1", is_certain: true },
  ]);
});

test("without a mapping the other capability is asked the same", () => {
  const same = compensationOf();
  const run = acted(call("a", "e1", "recorded", { input: { x: 1 } }));
  const { undo } = planCompensation(run, "parallel", () => same ?? { reason: "" });
  expect(undo[0]?.input).toEqual({ x: 1 });
});

test("effects of nested runs stand where their step ended, those undone before are not undone again", () => {
  const inner = acted([
    ...call("x", "n1", "recorded"),
    ...call("y", "n2", "recorded"),
    { type: "step.compensated", payload: { step_id: "y", effect_id: "n2" } },
  ]);
  const nest: NewEvent[] = [
    { type: "step.started", payload: { step_id: "nest", attempt: 1, child_run_id: "run_in" } },
    { type: "step.completed", payload: { step_id: "nest", output: {} } },
  ];
  const outer = acted([...call("a", "e1", "recorded"), ...nest, ...call("b", "e2", "recorded")], {
    run_in: inner,
  });
  const { undo } = planCompensation(outer, "forward", find);
  expect(undo.map(({ effect_id: id, step_id: step }) => [id, step])).toEqual([
    ["e2", "b"],
    ["n1", "nest"],
    ["e1", "a"],
  ]);
});

test("what undid an effect is not undone itself, and what has no compensation is named", () => {
  const run = acted([
    ...call("a", "e1", "recorded"),
    ...call("a", "e2", "recorded", { occurrence: "undo:1", compensates: "e1" }),
  ]);
  expect(planCompensation(run, "backward", (id) => ({ reason: `${id} has none` }))).toEqual({
    strategy: "backward",
    undo: [],
    left: [{ step_id: "a", effect_id: "e1", capability_id: "a.b.do", reason: "a.b.do has none" }],
  });
});
