import { expect, test } from "vitest";
import { checkpointAfter } from "./checkpoint.ts";

test("a step that begins to wait is a boundary, one that begins to work is none", () => {
  const started = (wait?: { kind: "timer" | "signal" }) =>
    checkpointAfter({
      type: "step.started",
      payload: { step_id: "a", attempt: 1, ...(wait === undefined ? {} : { wait }) },
    });
  expect([started({ kind: "signal" }), started({ kind: "timer" }), started()]).toEqual([
    "waiting_for_signal",
    "waiting_for_signal",
    null,
  ]);
});
