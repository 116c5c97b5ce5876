import { expect, test } from "vitest";
import type { EventEnvelope } from "../../core/run-events.ts";
import { givenReason } from "./given-reason.ts";

const event = (
  event_type: EventEnvelope["event_type"],
  payload: EventEnvelope["payload"] = {},
): EventEnvelope => ({
  event_id: "evt_1",
  event_version: "1.0",
  event_type,
  occurred_at: "2026-01-01T00:00:00.000Z",
  tenant_id: "acme",
  run_id: "run_1",
  trace_id: "t",
  sequence: 1,
  payload,
});

test("the reason is the one of the last time that somebody steered the run", () => {
  const paused = event("run.paused", { reason: "lunch" });
  expect(givenReason([paused, event("checkpoint.saved")])).toBe("lunch");
  expect(givenReason([paused, event("run.canceled", { reason: "wrong order" })])).toBe(
    "wrong order",
  );
});

test("nobody's words are no reason, and neither are those of an earlier time", () => {
  expect(givenReason([event("run.created")])).toBeNull();
  expect(givenReason([event("run.paused", { reason: "lunch" }), event("run.resumed")])).toBeNull();
});
