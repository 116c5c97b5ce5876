import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decide } from "./decide.ts";
import { evolve } from "./evolve.ts";
import { approvalStart } from "./redrive-facts.ts";
import type { NewEvent, RunEvent } from "./run-events.ts";
import { compileSkill, type Plan } from "./run-plan.ts";
import { emptyRunState, restoreState, snapshotState, type RunState } from "./run-state.ts";
import { isTerminal } from "./run.ts";
import { SkillSchema } from "./skill.ts";
import { isStepEnded } from "./step.ts";
import { arbitraryRun, simulate } from "./testing/arbitrary-run.ts";

function plainOf(state: RunState) {
  return snapshotState(state, []);
}

describe("decide and evolve, over random skills and worlds,", () => {
  test("bring every run to an end, with every step ended in a completed one", () => {
    fc.assert(
      fc.property(arbitraryRun, (drawn) => {
        const { state, plan } = simulate(drawn);
        expect(isTerminal(state.status)).toBe(true);
        expect(
          state.frontier.running.size + state.frontier.waiting.size + state.frontier.retrying.size,
        ).toBe(0);
        if (state.status !== "completed") return;
        for (const step of plan.steps) {
          expect(["completed", "skipped", "degraded"]).toContain(state.steps.get(step.id)?.status);
        }
      }),
      { numRuns: 400 },
    );
  });

  test("start no step before what it waits for has ended, and none twice", () => {
    fc.assert(
      fc.property(arbitraryRun, (drawn) => {
        const starts = new Set<string>();
        const plan = compileSkill(drawn.skill, "sha256:fake");
        simulate(drawn, (state, event) => {
          if (
            event.type !== "step.started" ||
            event.payload.occurrence !== undefined ||
            event.payload.attempt > 1
          )
            return;
          const step = plan.steps[plan.stepIndex.get(event.payload.step_id) ?? -1];
          expect(starts.has(event.payload.step_id)).toBe(false);
          starts.add(event.payload.step_id);
          const ended = (step?.dependsOn ?? []).filter((index) =>
            isStepEnded(state.steps.get(plan.steps[index]?.id ?? "")?.status ?? "pending"),
          );
          expect(ended.length).toBeGreaterThanOrEqual(
            step?.joinNeed ?? step?.dependsOn.length ?? 0,
          );
        });
      }),
      { numRuns: 300 },
    );
  });

  test("end a run as failed exactly if a step failed that it could not live with", () => {
    fc.assert(
      fc.property(arbitraryRun, (drawn) => {
        const { state, events } = simulate({ ...drawn, stopAt: null });
        const hasFailure = events.some(
          (event) => event.type === "step.failed" && event.payload.occurrence === undefined,
        );
        const expected = hasFailure ? "failed" : "completed";
        expect(state.status).toBe(state.denial === undefined ? expected : "canceled");
      }),
      { numRuns: 300 },
    );
  });

  test("tell the error that ended a run, which may be its deadline although a step had failed before", () => {
    const late = { code: "step_timeout", message: "too late" } as const;
    fc.assert(
      fc.property(arbitraryRun, (drawn) => {
        const world = { ...drawn, denials: 0 as const };
        const { state, events } = simulate(world, undefined, { kind: "fail", error: late });
        const end = events.find((event) => event.type === "run.failed");
        // A question that nobody answers may end the run as canceled, after a step had failed beside it.
        if (state.status === "canceled") return;
        expect(state.failure?.error).toEqual(
          state.status === "failed" ? end?.payload.error : undefined,
        );
      }),
      { numRuns: 300 },
    );
  });

  test("fold the same history to the same state, and start the same steps next, from a snapshot anywhere", () => {
    fc.assert(
      fc.property(arbitraryRun, fc.nat(1_000), fc.nat(1_000), (drawn, at, after) => {
        const { state, events, plan } = simulate(drawn);
        const identity = { tenantId: "tnt_1", runId: "run_1", traceId: "t" };
        const history: RunEvent[] = JSON.parse(JSON.stringify(events));
        const cut = at % history.length;
        const end = cut + (after % (history.length - cut + 1));
        const fold = (from: RunState, part: readonly RunEvent[]) =>
          part.reduce((folded, event) => evolve(plan, folded, event), from);
        const plainly = fold(emptyRunState(plan, identity), history.slice(0, end));
        const early = fold(emptyRunState(plan, identity), history.slice(0, cut));
        const restored = fold(
          restoreState(plan, snapshotState(early, [])),
          history.slice(cut, end),
        );
        expect(plainOf(restored)).toEqual(plainOf(plainly));
        const now = history[end - 1]?.at ?? 0;
        expect(startsOf(plan, restored, now)).toEqual(startsOf(plan, plainly, now));
        const whole = fold(restoreState(plan, snapshotState(early, [])), history.slice(cut));
        expect(plainOf(whole)).toEqual(plainOf(state));
      }),
      { numRuns: 600 },
    );
  });

  test("record nothing after the end", () => {
    fc.assert(
      fc.property(arbitraryRun, (drawn) => {
        const { state, plan } = simulate(drawn);
        expect(decide(plan, state, { now: Number.MAX_SAFE_INTEGER, stop: null })).toBeNull();
        expect(decide(plan, state, { now: 0, stop: { kind: "cancel" } })).toBeNull();
      }),
      { numRuns: 100 },
    );
  });
});

/** What would start or be recorded now, in whatever order: nothing that runs is let end. */
function startsOf(plan: Plan, state: RunState, now: number): string[] {
  const found: string[] = [];
  for (let turns = 0; turns < 1_000; turns += 1) {
    const decision = decide(plan, state, { now, stop: null });
    if (decision === null) return found.toSorted();
    const started: NewEvent[] =
      decision.kind === "record" || decision.kind === "compensate"
        ? decision.events
        : decision.kind === "ask"
          ? [approvalStart(decision)]
          : [
              {
                type: "step.started",
                payload: { ...decision.ref, attempt: decision.attempt, input: decision.input },
              },
            ];
    for (const event of started) {
      const isWait = event.type === "run.waiting_for_signal";
      const steps = isWait ? event.payload.steps.toSorted() : [];
      found.push(
        JSON.stringify([event.type, isWait ? { ...event.payload, steps } : event.payload]),
      );
      evolve(plan, state, { ...event, sequence: state.sequence + 1, at: now });
    }
  }
  throw new Error("decisions without end");
}

const step = (id: string, dependsOn: string[]) => ({
  id,
  uses: "fake.value.do",
  config: { depends_on: dependsOn },
});

test("a step that started after a snapshot is not started again, in whatever order steps became ready", () => {
  const plan = compileSkill(
    SkillSchema.parse({
      id: "test.ready",
      version: "1.0.0",
      name: "Ready",
      description: "Ready",
      steps: [step("r0", []), step("r1", []), step("c0", ["r0"]), step("c1", ["r1"])],
    }),
    "sha256:fake",
  );
  const fold = (state: RunState, events: readonly NewEvent[]) =>
    events.reduce(
      (next, event) => evolve(plan, next, { ...event, sequence: next.sequence + 1, at: 0 }),
      state,
    );
  const started = (id: string): NewEvent => ({
    type: "step.started",
    payload: { step_id: id, attempt: 1 },
  });
  const completed = (id: string): NewEvent => ({
    type: "step.completed",
    payload: { step_id: id },
  });
  const paused = fold(emptyRunState(plan, { tenantId: "tnt_1", runId: "run_1", traceId: "t" }), [
    { type: "run.started", payload: {} },
    started("r0"),
    started("r1"),
    { type: "run.paused", payload: {} },
    completed("r1"),
    completed("r0"),
  ]);
  const rest: NewEvent[] = [
    { type: "run.resumed", payload: {} },
    started("c1"),
    completed("c1"),
    started("c0"),
  ];
  const restored = fold(restoreState(plan, snapshotState(paused, [])), rest);
  expect(decide(plan, restored, { now: 0, stop: null })).toBeNull();
});

test("a resume does not run again what went on when a step was skipped, and the run ends", () => {
  const plan = compileSkill(
    SkillSchema.parse({
      id: "test.skipped",
      version: "1.0.0",
      name: "Skipped",
      description: "Skipped",
      steps: [step("first", []), step("second", ["first"]), step("last", ["second"])],
    }),
    "sha256:fake",
  );
  const error = { code: "invalid_request" as const, message: "No." };
  const events: NewEvent[] = [
    { type: "run.started", payload: {} },
    { type: "step.started", payload: { step_id: "first", attempt: 1 } },
    { type: "step.failed", payload: { step_id: "first", attempt: 1, error } },
    { type: "step.skipped", payload: { step_id: "second", reason: "first failed" } },
    { type: "step.started", payload: { step_id: "last", attempt: 1 } },
    { type: "step.completed", payload: { step_id: "last" } },
    { type: "run.failed", payload: { step_id: "first", error, outputs: {} } },
    { type: "run.resumed", payload: {} },
    { type: "step.started", payload: { step_id: "first", attempt: 1 } },
    { type: "step.completed", payload: { step_id: "first" } },
    { type: "step.started", payload: { step_id: "second", attempt: 1 } },
    { type: "step.completed", payload: { step_id: "second" } },
  ];
  const state = events.reduce(
    (next, event) => evolve(plan, next, { ...event, sequence: next.sequence + 1, at: 0 }),
    emptyRunState(plan, { tenantId: "tnt_1", runId: "run_1", traceId: "t" }),
  );
  expect(decide(plan, state, { now: 0, stop: null })).toMatchObject({
    kind: "record",
    events: [{ type: "run.completed" }],
  });
});
