import { expect, test } from "vitest";
import type { JsonObject } from "../../../../core/json.ts";
import { makeBuiltinContext } from "../testing/make-builtin-context.ts";
import { OPS_MODULE } from "./ops-module.ts";

let at = Date.parse("2026-01-01T00:00:00Z");
const context = makeBuiltinContext({ now: () => new Date(at) });
async function call(name: string, input: JsonObject): Promise<JsonObject> {
  const builtin = OPS_MODULE[name];
  if (builtin === undefined) throw new Error(`no function ${name}`);
  return builtin(input, context);
}

test("a trace grows from its own state, and the same call gives the same answer", async () => {
  const events = [
    { type: "step.started", step_id: "a" },
    { type: "step.failed", step_id: "a", message: "no" },
    { type: "step.started", step_id: "b" },
  ];
  const first = await call("analyze_trace", { goal: "g", events });
  expect(first).toEqual(await call("analyze_trace", { goal: "g", events }));
  expect(first).toMatchObject({
    confidence: 0.67,
    risk_candidates: [{ step_id: "a", message: "no" }],
    decision_graph: {
      nodes: [{ id: "a", events: 2 }, { id: "b" }],
      edges: [{ from: "a", to: "b" }],
    },
    trace_version: "1",
  });
  const next = await call("analyze_trace", {
    goal: "g",
    events: [{ type: "step.completed", step_id: "b" }],
    trace_state: first["updated_trace_state"] ?? {},
  });
  expect(next).toMatchObject({
    trace_version: "2",
    trace_session_id: first["trace_session_id"] ?? "",
    updated_trace_state: { event_count: 4 },
  });
});

test("a trace is held against its thresholds", async () => {
  expect(
    await call("monitor_trace", { trace: { event_count: 3, failed_count: 0, confidence: 1 } }),
  ).toMatchObject({ status: "ok", alerts: [] });
  expect(
    await call("monitor_trace", { trace: { event_count: 3, failed_count: 1, confidence: 0.7 } }),
  ).toMatchObject({ status: "warning", risk_flags: ["failed_count"] });
  expect(
    await call("monitor_trace", { trace: { event_count: 3, failed_count: 3, confidence: 0 } }),
  ).toMatchObject({ status: "critical" });
});

test("events are counted against their limits", async () => {
  const events = [{ type: "error" }, { type: "login" }, { level: "login" }];
  expect(await call("monitor_events", { events, thresholds: { login: 1 } })).toMatchObject({
    status: "critical",
    alerts: [
      { type: "error", count: 1 },
      { type: "login", count: 2 },
    ],
    event_summary: { total: 3 },
  });
  expect(await call("monitor_events", { events: [] })).toMatchObject({ status: "ok" });
});

test("a budget adds up what the steps say, and says where it guessed", async () => {
  const plan = { steps: [{ estimated_cost: 2, estimated_duration_ms: 100 }, {}] };
  expect(await call("estimate_budget", { plan, limits: { max_cost: 2 } })).toMatchObject({
    estimated_cost: 2.01,
    estimated_duration_ms: 600,
    within_budget: false,
    status: "partial",
  });
});

test("the first acknowledgement of an event stands", async () => {
  const { timestamp } = await call("acknowledge_event", { event_id: "e1" });
  at += 60_000;
  expect(await call("acknowledge_event", { event_id: "e1" })).toMatchObject({
    acknowledged: true,
    timestamp: timestamp ?? "",
  });
});
