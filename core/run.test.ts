import { expect, test } from "vitest";
import { invalidTransition } from "./run.ts";

test("a refused transition names both statuses and where the run may go from here", () => {
  expect(invalidTransition("run_1", "waiting_for_signal", "paused")).toMatchObject({
    code: "invalid_transition",
    message: "Run run_1 is waiting_for_signal and cannot become paused.",
    hint: "From waiting_for_signal a run can become running, failed, canceled.",
  });
});

test("a run that has ended is not said to be able to go on", () => {
  for (const ended of ["completed", "failed", "canceled"] as const) {
    expect(invalidTransition("run_1", ended, "running").hint).toBe(
      "It has ended; start a new run with the same inputs.",
    );
  }
});
