import * as fc from "fast-check";
import { expect, test } from "vitest";
import { toEnvelope, type NewEvent } from "../../core/run-events.ts";
import { appendEvents, EMPTY_LOG, parseEnvelope } from "./run-log.ts";

const RUN = { tenantId: "tnt_1", runId: "run_1", traceId: "t" };
const NEW_EVENTS: NewEvent[] = [
  { type: "run.started", payload: {} },
  {
    type: "step.started",
    payload: { step_id: "ask", attempt: 1, wait: { kind: "signal", name: "go" } },
  },
  { type: "run.waiting_for_signal", payload: { steps: ["ask"] } },
  { type: "step.completed", payload: { step_id: "ask", output: { answer: 1 } } },
  { type: "run.completed", payload: { outputs: {} } },
];
const EVENTS = NEW_EVENTS.map((event, index) =>
  toEnvelope(RUN, { ...event, sequence: index + 1, at: index * 1_000 }),
);

test("however the stream is cut and whatever it repeats, the page ends with the same history", () => {
  const whole = appendEvents(EMPTY_LOG, EVENTS);
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: EVENTS.length }), { maxLength: 5 }),
      fc.nat({ max: 3 }),
      (cuts, overlap) => {
        let log = EMPTY_LOG;
        let from = 0;
        for (const cut of [...cuts, EVENTS.length].toSorted((a, b) => a - b)) {
          log = appendEvents(log, EVENTS.slice(Math.max(0, from - overlap), cut));
          from = cut;
        }
        expect(log).toEqual(whole);
      },
    ),
  );
});

test("a run that waited is running again once its wait has ended", () => {
  const statuses = EVENTS.map(
    (_, index) => appendEvents(EMPTY_LOG, EVENTS.slice(0, index + 1)).status,
  );
  expect(statuses).toEqual(["running", "running", "waiting_for_signal", "running", "completed"]);
});

test("nothing new leaves the log as it is, so that nothing is drawn again", () => {
  const log = appendEvents(EMPTY_LOG, EVENTS);
  expect(appendEvents(log, EVENTS)).toBe(log);
});

test("a message of an unknown type or of no shape is passed over", () => {
  expect(parseEnvelope(JSON.stringify(EVENTS[0]))).toEqual(EVENTS[0]);
  expect(parseEnvelope(JSON.stringify({ ...EVENTS[0], event_type: "run.teleported" }))).toBeNull();
  expect(parseEnvelope("{")).toBeNull();
});
