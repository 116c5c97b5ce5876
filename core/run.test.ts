import { expect, test } from "vitest";
import { invalidTransition, type RunStatus } from "./run.ts";

test("a refused transition names both statuses and where the run may go from here", () => {
  expect(invalidTransition("run_1", "waiting_for_signal", "paused")).toMatchObject({
    code: "invalid_transition",
    message: "Run run_1 is waiting_for_signal and cannot become paused.",
    hint: "From waiting_for_signal a run can become running, failed, canceled.",
  });
});

test("a run that has ended says how to go on from there", () => {
  const hintOf = (ended: RunStatus) => invalidTransition("run_1", ended, "paused").hint;
  expect(hintOf("completed")).toBe(
    "It has ended; replay it or start a new run with the same inputs.",
  );
  expect(hintOf("failed")).toBe(
    "It has ended; resume it, replay it or start a new run with the same inputs.",
  );
});
