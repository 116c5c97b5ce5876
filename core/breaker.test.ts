import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  admitCall,
  CLOSED_BREAKER,
  evolveBreaker,
  FAILURES_TO_OPEN,
  OPEN_MS,
  type BreakerEvent,
  type BreakerState,
} from "./breaker.ts";

function fold(state: BreakerState, events: BreakerEvent[], now: number): BreakerState {
  return events.reduce((current, event) => evolveBreaker(current, event, now), state);
}

const failedCall: BreakerEvent[] = ["admitted", "failed"];
const opened = fold(
  CLOSED_BREAKER,
  Array.from({ length: FAILURES_TO_OPEN }, () => failedCall).flat(),
  1_000,
);

describe("the breaker", () => {
  test("opens at the fifth failure in a row, not at the fourth", () => {
    const four = fold(CLOSED_BREAKER, Array.from({ length: 4 }, () => failedCall).flat(), 0);
    expect(four).toEqual({ status: "closed", failures: 4 });
    expect(evolveBreaker(four, "failed", 7)).toEqual({ status: "open", retryAt: 7 + OPEN_MS });
  });

  test("forgets failures at the first success", () => {
    expect(evolveBreaker({ status: "closed", failures: 4 }, "succeeded", 0)).toEqual(
      CLOSED_BREAKER,
    );
  });

  test("does not count calls that end without a verdict", () => {
    const calls = Array.from({ length: 50 }, (): BreakerEvent[] => [
      "admitted",
      "ended_without_verdict",
    ]).flat();
    expect(fold(CLOSED_BREAKER, calls, 0)).toEqual(CLOSED_BREAKER);
  });

  test("refuses calls while open and says when to come back", () => {
    expect(admitCall(opened, 1_000 + OPEN_MS - 1)).toEqual({
      admitted: false,
      retryAt: 1_000 + OPEN_MS,
    });
    expect(admitCall(opened, 1_000 + OPEN_MS)).toEqual({ admitted: true });
  });

  test("lets one probe through at a time and closes after two successes", () => {
    const now = 1_000 + OPEN_MS;
    const probing = evolveBreaker(opened, "admitted", now);
    expect(admitCall(probing, now + 1).admitted).toBe(false);
    const once = evolveBreaker(probing, "succeeded", now + 2);
    expect(once.status).toBe("half_open");
    expect(admitCall(once, now + 2).admitted).toBe(true);
    expect(fold(once, ["admitted", "succeeded"], now + 3)).toEqual(CLOSED_BREAKER);
  });

  test("opens again when the probe fails", () => {
    const now = 1_000 + OPEN_MS;
    expect(fold(opened, failedCall, now)).toEqual({ status: "open", retryAt: now + OPEN_MS });
  });

  test("gives the place of a probe without verdict, or without any report, to the next", () => {
    const now = 1_000 + OPEN_MS;
    const probing = evolveBreaker(opened, "admitted", now);
    expect(
      admitCall(evolveBreaker(probing, "ended_without_verdict", now + 1), now + 1).admitted,
    ).toBe(true);
    expect(admitCall(probing, now + OPEN_MS).admitted).toBe(true);
  });

  test("ignores late reports of calls that started before it opened", () => {
    expect(evolveBreaker(opened, "failed", 9_000)).toBe(opened);
    expect(evolveBreaker(opened, "succeeded", 9_000)).toBe(opened);
  });

  test("never refuses for longer than the open time, whatever the history", () => {
    const event = fc.constantFrom<BreakerEvent>(
      "admitted",
      "succeeded",
      "failed",
      "ended_without_verdict",
    );
    const history = fc.array(fc.tuple(event, fc.nat(OPEN_MS)));
    fc.assert(
      fc.property(history, (steps) => {
        let now = 0;
        let state = CLOSED_BREAKER;
        for (const [next, elapsedMs] of steps) {
          now += elapsedMs;
          state = evolveBreaker(state, next, now);
        }
        expect(admitCall(state, now + OPEN_MS).admitted).toBe(true);
      }),
    );
  });
});
