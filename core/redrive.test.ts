import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "./json.ts";
import { redriveRun, type RedriveDifference } from "./redrive.ts";
import type { RunEvent } from "./run-events.ts";
import { compileSkill, type Plan } from "./run-plan.ts";
import { SkillSchema } from "./skill.ts";
import { arbitraryRun, simulate } from "./testing/arbitrary-run.ts";
import { simulateRun } from "./testing/simulate-run.ts";

const IDENTITY = { tenantId: "tnt_1", runId: "run_1", traceId: "t" };

function differencesOf(plan: Plan, events: readonly RunEvent[]): RedriveDifference[] {
  // Through text, as a pack carries them.
  const carried: RunEvent[] = JSON.parse(JSON.stringify(events));
  return [...redriveRun(plan, IDENTITY, carried)].flatMap(({ difference }) => difference ?? []);
}

function withPayload(events: readonly RunEvent[], index: number, change: JsonObject): RunEvent[] {
  const copy: RunEvent[] = JSON.parse(JSON.stringify(events));
  Object.assign(copy[index]?.payload ?? {}, change);
  return copy;
}

describe("a re-drive of a simulated run", () => {
  test("finds an untouched history identical, event by event", () => {
    fc.assert(
      fc.property(arbitraryRun, (drawn) => {
        const { plan, events } = simulate(drawn);
        expect(differencesOf(plan, events)).toEqual([]);
      }),
      { numRuns: 600 },
    );
  });

  test("finds an untouched history identical where the run was brought down by an error of the engine", () => {
    const stop = {
      kind: "fail" as const,
      error: { code: "internal_error" as const, message: "Something went wrong." },
    };
    fc.assert(
      fc.property(arbitraryRun, (drawn) => {
        const { plan, events } = simulate(drawn, undefined, stop);
        expect(differencesOf(plan, events)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test("finds a changed input of a step at the step's start", () => {
    fc.assert(
      fc.property(arbitraryRun, fc.nat(), (drawn, luck) => {
        const { plan, events } = simulate(drawn);
        const starts = events.flatMap((event, index) =>
          event.type === "step.started" && event.payload.input !== undefined ? [index] : [],
        );
        fc.pre(starts.length > 0);
        const index = starts[luck % starts.length] ?? 0;
        const [first] = differencesOf(plan, withPayload(events, index, { input: { value: "?" } }));
        expect(first).toMatchObject({ sequence: index + 1, type: "step.started" });
      }),
      { numRuns: 200 },
    );
  });

  test("finds changed outputs of the run at its end", () => {
    fc.assert(
      fc.property(arbitraryRun, (drawn) => {
        const { plan, events } = simulate(drawn);
        const index = events.length - 1;
        const [first] = differencesOf(
          plan,
          withPayload(events, index, { outputs: { made: "up" } }),
        );
        expect(first).toMatchObject({ sequence: index + 1 });
        expect(first?.found.payload).toMatchObject({ outputs: { made: "up" } });
      }),
      { numRuns: 200 },
    );
  });

  test("finds a missing event, whichever it is", () => {
    fc.assert(
      fc.property(arbitraryRun, fc.nat(), (drawn, luck) => {
        const { plan, events } = simulate(drawn);
        const index = luck % (events.length - 1);
        const [first] = differencesOf(plan, events.toSpliced(index, 1));
        expect(first).toMatchObject({ sequence: index + 2 });
      }),
      { numRuns: 100 },
    );
  });

  test("finds a decision that was left out of a completed run, although the numbers close up", () => {
    fc.assert(
      fc.property(arbitraryRun, fc.nat(), (drawn, luck) => {
        const { plan, events, state } = simulate({ ...drawn, stopAt: null });
        fc.pre(state.status === "completed");
        const decisions = events.flatMap(({ type }, index) =>
          type === "step.started" || type === "step.skipped" ? [index] : [],
        );
        fc.pre(decisions.length > 0);
        const index = decisions[luck % decisions.length] ?? 0;
        const closed = events
          .toSpliced(index, 1)
          .map((event, place) => ({ ...event, sequence: place + 1 }));
        expect(differencesOf(plan, closed).length).toBeGreaterThan(0);
      }),
      { numRuns: 200 },
    );
  });
});

const BRANCHING = compileSkill(
  SkillSchema.parse({
    id: "fake.branching",
    version: "1.0.0",
    name: "Fake",
    description: "Made by a test.",
    inputs: {},
    outputs: { verdict: { type: "string" } },
    steps: [
      { id: "ask", uses: "fake.ask.do", output: { answer: "vars.answer" } },
      {
        id: "route",
        uses: "fake.plain.do",
        input: { answer: "vars.answer" },
        config: {
          router: { on: "vars.answer", cases: { yes: "fake.yes.do" }, default: "fake.no.do" },
        },
        output: { verdict: "outputs.verdict" },
      },
      { id: "extra", uses: "fake.extra.do", config: { condition: 'vars.answer == "yes"' } },
      { id: "pause", uses: "wait.timer", input: { duration_seconds: 5 } },
    ],
  }),
  "sha256:fake",
);

function branchingRun(): RunEvent[] {
  const { events } = simulateRun(
    BRANCHING,
    {},
    {
      pick: () => 0,
      answer: ({ step }) => ({
        output: step.id === "ask" ? { answer: "no" } : { verdict: "fine" },
      }),
    },
  );
  return events;
}

function indexOf(events: readonly RunEvent[], type: string, stepId: string): number {
  return events.findIndex(
    (event) =>
      event.type === type && "step_id" in event.payload && event.payload.step_id === stepId,
  );
}

describe("a re-drive of one run", () => {
  test("finds a changed recorded output where it first leads somewhere else", () => {
    const events = branchingRun();
    const changed = withPayload(events, indexOf(events, "step.completed", "ask"), {
      output: { answer: "yes" },
    });
    const [first] = differencesOf(BRANCHING, changed);
    expect(first).toMatchObject({
      sequence: indexOf(events, "step.started", "route") + 1,
      step: "route",
      expected: { payload: { uses: "fake.yes.do", input: { answer: "yes" } } },
      found: { payload: { uses: "fake.no.do", input: { answer: "no" } } },
      reason: "the engine would record another input, uses",
    });
  });

  test("finds another branch than the router's", () => {
    const events = branchingRun();
    const changed = withPayload(events, indexOf(events, "step.started", "route"), {
      uses: "fake.yes.do",
    });
    expect(differencesOf(BRANCHING, changed)).toMatchObject([
      { step: "route", reason: "the engine would record another uses" },
    ]);
  });

  test("finds an output that the engine could not have taken", () => {
    const events = branchingRun();
    const index = indexOf(events, "step.completed", "ask");
    const [first] = differencesOf(BRANCHING, withPayload(events, index, { output: {} }));
    expect(first).toMatchObject({
      sequence: index + 1,
      expected: { type: "step.failed" },
      reason: "the engine cannot take this output",
    });
  });

  test("finds a completed run that was made a failed one", () => {
    const events = branchingRun();
    const last = events.length - 1;
    const failed: RunEvent = {
      type: "run.failed",
      payload: { error: { code: "upstream_failure", message: "made up" }, outputs: {} },
      sequence: last + 1,
      at: events[last]?.at ?? 0,
    };
    expect(differencesOf(BRANCHING, events.with(last, failed))).toMatchObject([
      { sequence: last + 1, expected: { type: "run.completed" }, found: { type: "run.failed" } },
    ]);
  });

  test("takes a clock that ticked between a decision and its record as it is", () => {
    const events = branchingRun().map((event) => ({ ...event }));
    const index = indexOf(events, "step.started", "pause");
    for (const event of events.slice(0, index)) event.at -= 5;
    for (const event of events.slice(index, index + 2)) event.at += 7;
    expect(differencesOf(BRANCHING, events)).toEqual([]);
  });

  test("takes what a clock that is behind decided, recorded at the time of the event before it", () => {
    const events = branchingRun().map((event) => ({ ...event }));
    const index = indexOf(events, "step.started", "pause");
    const ahead = (events.at(-1)?.at ?? 0) + 3_600_000;
    // The first process has a clock that is ahead; the one that starts the wait has the right one.
    for (const event of events.slice(index - 1, index + 2)) event.at = ahead;
    for (const event of events.slice(index + 2)) event.at = ahead;
    expect(differencesOf(BRANCHING, events)).toEqual([]);
  });

  test("finds a wait whose end does not follow from its input", () => {
    const events = branchingRun();
    const index = indexOf(events, "step.started", "pause");
    const wait = { kind: "timer", until: "2030-01-01T00:00:00.000Z", on_timeout: "fail" };
    expect(differencesOf(BRANCHING, withPayload(events, index, { wait }))[0]).toMatchObject({
      sequence: index + 1,
      reason: "the engine would record another wait",
    });
  });

  test("takes steps that are canceled together in any order", () => {
    const timer = (id: string) => ({
      id,
      uses: "wait.timer",
      input: { duration_seconds: 5 },
      config: { depends_on: [] },
    });
    const plan = compileSkill(
      SkillSchema.parse({
        id: "fake.waiting",
        version: "1.0.0",
        name: "Fake",
        description: "Made by a test.",
        steps: [timer("a"), timer("b")],
      }),
      "sha256:fake",
    );
    const { events } = simulateRun(
      plan,
      {},
      {
        pick: () => 0,
        answer: () => ({ output: {} }),
        stop: (count) => (count >= 6 ? { kind: "cancel" } : null),
      },
    );
    const [first = 0, second = 0] = events.flatMap(({ type }, index) =>
      type === "step.canceled" ? [index] : [],
    );
    expect(second).toBe(first + 1);
    const swapped = events.map((event, index) => {
      const other = index === first ? second : index === second ? first : index;
      return { ...(events[other] ?? event), sequence: event.sequence };
    });
    expect(differencesOf(plan, swapped)).toEqual([]);
  });

  test("finds a run of another definition", () => {
    const other = { ...BRANCHING, skillHash: "sha256:other" };
    const [first] = differencesOf(other, branchingRun());
    expect(first?.reason).toBe("the run is of another skill than the definition");
  });
});
