import { expect, test } from "vitest";
import { type NewEvent, toEnvelope } from "../../core/run-events.ts";
import { toRunSpan } from "./run-spans.ts";

const RUN = { tenantId: "t", runId: "run_1", traceId: "0".repeat(32) };
const history = (...events: NewEvent[]) =>
  events.map((event, index) =>
    toEnvelope(RUN, { ...event, sequence: index + 1, at: (index + 1) * 1000 }),
  );

const created: NewEvent = {
  type: "run.created",
  payload: {
    skill_id: "text.summarize",
    skill_version: "1.0.0",
    skill_hash: "h",
    environment: "dev",
    inputs: {},
    attributes: {},
    options: {},
    lineage_root_run_id: "run_1",
  },
};
const started: NewEvent = { type: "run.started", payload: {} };
const step = (attempt: number): NewEvent => ({
  type: "step.started",
  payload: { step_id: "a", attempt, uses: "text.cut" },
});
const error = { code: "upstream_failure", message: "It broke." } as const;

test("a run's trace spans from its start to its end, with every attempt of every step below it", () => {
  const events = history(
    created,
    started,
    step(1),
    {
      type: "step.retry_scheduled",
      payload: { step_id: "a", attempt: 1, error, due_at: "1970-01-01T00:00:05Z" },
    },
    step(2),
    { type: "step.completed", payload: { step_id: "a" } },
    { type: "run.completed", payload: { outputs: {} } },
    { type: "checkpoint.saved", payload: { kind: "run_finished", state_hash: "h" } },
  );
  expect(toRunSpan(events)).toMatchObject({
    name: "run text.summarize",
    startedAt: 2000,
    endedAt: 7000,
    error: null,
    attributes: { "orca.status": "completed", "orca.queue_ms": 1000 },
    children: [
      {
        name: "step a",
        startedAt: 3000,
        endedAt: 4000,
        error: "It broke.",
        attributes: { "orca.attempt": 1, "orca.uses": "text.cut" },
      },
      {
        name: "step a",
        startedAt: 5000,
        endedAt: 6000,
        error: null,
        attributes: { "orca.attempt": 2 },
      },
    ],
  });
});

test("a failed run says why, and what was under way ends with it", () => {
  const span = toRunSpan(
    history(created, started, step(1), { type: "run.failed", payload: { error, outputs: {} } }),
  );
  expect(span).toMatchObject({ error: "It broke.", endedAt: 4000, children: [{ endedAt: 4000 }] });
});

test("a run that has not ended has no trace yet", () => {
  expect(toRunSpan(history(created, started))).toBeNull();
  expect(toRunSpan([])).toBeNull();
});
