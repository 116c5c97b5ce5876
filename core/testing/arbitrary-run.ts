import * as fc from "fast-check";
import type { Stop } from "../decision.ts";
import type { RunEvent } from "../run-events.ts";
import { compileSkill, type Plan } from "../run-plan.ts";
import type { RunState } from "../run-state.ts";
import { arbitrarySkill } from "./arbitrary-skill.ts";
import { simulateRun, type Simulated } from "./simulate-run.ts";

/** A run of a random skill in a random world: which call answers next and how is drawn from a list of numbers. */
export const arbitraryRun = fc.record({
  skill: arbitrarySkill(),
  inputs: fc.record({ list: fc.array(fc.integer(), { maxLength: 4 }), flag: fc.boolean() }),
  luck: fc.array(fc.nat(99), { minLength: 40, maxLength: 40 }),
  failures: fc.constantFrom(0, 10, 40),
  /** How often another process takes over, in hundredths of turns. */
  takeOvers: fc.constantFrom(0, 0, 20, 100),
  /** How often a person denies, and how often nobody answers in time, in hundredths. */
  denials: fc.constantFrom(0, 0, 0, 30),
  silences: fc.constantFrom(0, 30),
  stopAt: fc.option(fc.integer({ min: 2, max: 60 }), { nil: null }),
});

export type DrawnRun = typeof arbitraryRun extends fc.Arbitrary<infer T> ? T : never;

/** Lets a drawn run happen; the calls answer as its luck says. */
export function simulate(
  drawn: DrawnRun,
  watch?: (state: RunState, event: RunEvent) => void,
  stop: Stop = { kind: "cancel", reason: "enough" },
): Simulated & { plan: Plan } {
  const plan = compileSkill(drawn.skill, "sha256:fake");
  let draws = 0;
  const draw = () => drawn.luck[draws++ % drawn.luck.length] ?? 0;
  const result = simulateRun(plan, drawn.inputs, {
    pick: (open) => draw() % open.length,
    answer: () =>
      draw() < drawn.failures
        ? { error: { code: "upstream_failure", message: "no luck" } }
        : { output: { value: draw() % 2 === 0 ? [1] : 1 } },
    confirmed: new Set(["fake.b.do", "fake.no.do"]),
    verdict: ({ expires_at: expiresAt }) => {
      const drawnVerdict = draw();
      if (drawnVerdict < drawn.denials) return "deny";
      return expiresAt !== undefined && drawnVerdict >= 100 - drawn.silences ? null : "approve";
    },
    isTakenOver: (events) => (events * 37) % 100 < drawn.takeOvers,
    stop: (events) => (drawn.stopAt !== null && events >= drawn.stopAt ? stop : null),
    ...(watch === undefined ? {} : { watch }),
  });
  return { ...result, plan };
}
