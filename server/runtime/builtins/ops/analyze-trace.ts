import { createHash } from "node:crypto";
import { isJsonObject, toCanonicalJson, type JsonObject } from "../../../../core/json.ts";
import { asText } from "../as-text.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";

const MAX_KEPT = 2_000;
const FAILED = /fail|error|denied|block|timeout|abort/i;

/**
 * Adds `events` (`{type, timestamp, step_id?, …}`) to `trace_state` and describes the whole: a graph of steps in order, failed events as risk
 * candidates, steps that were skipped or retried as alternative paths. `confidence` is the share of events without failure. The session id
 * is derived from goal and run unless given, so the same call gives the same answer.
 */
export const analyzeTrace: Builtin = (input, context) => {
  const given = new InputReader(input);
  const goal = given.text("goal");
  const state = given.object("trace_state", {});
  const earlier = Array.isArray(state["events"]) ? state["events"].filter(isJsonObject) : [];
  const events = [...earlier, ...given.records("events")].slice(-MAX_KEPT);
  const failed = events.filter(isFailure);
  const session = given.text(
    "trace_session_id",
    asText(state["trace_session_id"]) || `trace-${sha256(`${context.runId}|${goal}`).slice(0, 16)}`,
  );
  const version = Number(state["version"] ?? 0) + 1;
  const confidence =
    events.length === 0 ? 0 : Math.round((1 - failed.length / events.length) * 100) / 100;
  const next: JsonObject = {
    trace_session_id: session,
    goal,
    version,
    events,
    event_count: events.length,
    failed_count: failed.length,
    confidence,
  };
  return {
    trace_session_id: session,
    updated_trace_state: next,
    state_checksum: `sha256:${sha256(toCanonicalJson(next))}`,
    trace_version: String(version),
    decision_graph: graphOf(events),
    assumptions: [
      ...new Set(
        events.flatMap((event) =>
          typeof event["assumption"] === "string" ? [event["assumption"]] : [],
        ),
      ),
    ],
    alternative_paths: events
      .filter((event) => /skip|retry|fallback/i.test(asText(event["type"])))
      .map((event) => ({ step_id: asText(event["step_id"]), type: asText(event["type"]) })),
    confidence,
    risk_candidates: failed.map((event) => ({
      step_id: asText(event["step_id"]),
      type: asText(event["type"]),
      message: asText(event["message"]),
      timestamp: asText(event["timestamp"]),
    })),
    summary: `${events.length} events towards "${goal}", ${failed.length} of them failures.`,
    status: "ok",
    rationale: "Counted from the events; no reasoning was inferred.",
  };
};

function isFailure(event: JsonObject): boolean {
  return FAILED.test(asText(event["type"])) || FAILED.test(asText(event["status"]));
}

function graphOf(events: readonly JsonObject[]): JsonObject {
  const order = events
    .map((event) => asText(event["step_id"]))
    .filter((step, index, all) => step !== "" && step !== all[index - 1]);
  const nodes = [...new Set(order)].map((id) => ({
    id,
    events: events.filter((event) => event["step_id"] === id).length,
  }));
  const edges = [
    ...new Set(order.slice(1).map((step, index) => `${order[index] ?? ""}→${step}`)),
  ].map((edge) => {
    const [from = "", to = ""] = edge.split("→");
    return { from, to };
  });
  return { nodes, edges };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
