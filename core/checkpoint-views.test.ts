import { expect, test } from "vitest";
import { toCheckpointView } from "./checkpoint-views.ts";
import { toEnvelope } from "./run-events.ts";

const RUN = { tenantId: "t", runId: "run_0a", traceId: "0".repeat(32) };

test("a checkpoint is named after its run and its place in the sequence, and knows its parent", () => {
  const payload = {
    kind: "step_completed",
    step_path: "a",
    parent_sequence: 3,
    state_hash: "h",
  } as const;
  expect(
    toCheckpointView(toEnvelope(RUN, { type: "checkpoint.saved", payload, sequence: 7, at: 0 })),
  ).toEqual({
    checkpoint_id: "chk_0a_7",
    run_id: "run_0a",
    sequence: 7,
    parent_checkpoint_id: "chk_0a_3",
    kind: "step_completed",
    step_path: "a",
    state_hash: "h",
    created_at: "1970-01-01T00:00:00.000Z",
    pinned: false,
  });
});

test("other events, and kinds of a later version, are no checkpoints", () => {
  expect(
    toCheckpointView(toEnvelope(RUN, { type: "run.started", payload: {}, sequence: 1, at: 0 })),
  ).toBeNull();
  const saved = toEnvelope(RUN, {
    type: "checkpoint.saved",
    payload: { kind: "paused", state_hash: "h" },
    sequence: 1,
    at: 0,
  });
  expect(toCheckpointView(saved)?.kind).toBe("paused");
  expect(
    toCheckpointView({ ...saved, payload: { ...saved.payload, kind: "of_tomorrow" } }),
  ).toBeNull();
});
