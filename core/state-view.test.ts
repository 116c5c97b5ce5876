import { expect, test } from "vitest";
import { compileSkill } from "./run-plan.ts";
import { emptyRunState } from "./run-state.ts";
import { SkillSchema } from "./skill.ts";
import { toStateView, UNKNOWN_STATE } from "./state-view.ts";

const plan = compileSkill(
  SkillSchema.parse({
    id: "a.b",
    version: "1.0.0",
    name: "A",
    description: "A",
    steps: [{ id: "s", uses: "a.b.c" }],
  }),
  "hash",
);

test("the state is told in the spelling of the wire, without what is derived, and is JSON", () => {
  const state = emptyRunState(plan, { tenantId: "t", runId: "run_1", traceId: "x" });
  state.scope.vars = { camelCase: 1 };
  state.deadlineAt = 1_000;
  state.written.add("vars.camelCase");
  state.signals.push({ signalId: "sig_1", name: "go", payload: null });
  state.steps.set("s", {
    status: "retry_scheduled",
    attempt: 2,
    dueAt: 0,
    wait: { kind: "timer", name: null, until: 5, onTimeout: "fail" },
    effect: { effectId: "eff_1", key: "k", requestHash: "h", status: "in_doubt", attempts: 1 },
  });
  const view = toStateView(state);
  expect(JSON.parse(JSON.stringify(view))).toEqual(view);
  expect(view).toMatchObject({
    status: "pending",
    inputs: {},
    vars: { camelCase: 1 },
    written_targets: ["vars.camelCase"],
    signals: [{ signal_id: "sig_1", name: "go", payload: null }],
    deadline_at: "1970-01-01T00:00:01.000Z",
    steps: {
      s: {
        due_at: "1970-01-01T00:00:00.000Z",
        wait: { kind: "timer", until: "1970-01-01T00:00:00.005Z", on_timeout: "fail" },
        effect: { effect_id: "eff_1", idempotency_key: "k", status: "in_doubt" },
      },
    },
  });
  expect(view).not.toHaveProperty("frontier");
});

test("a state of which nothing is known has the same members as one of which something is", () => {
  const state = emptyRunState(plan, { tenantId: "t", runId: "run_1", traceId: "x" });
  expect(Object.keys(UNKNOWN_STATE)).toEqual(Object.keys(toStateView(state)));
  state.scope.working = { note: 1 };
  expect(toStateView(state)).toHaveProperty("working", { note: 1 });
});
