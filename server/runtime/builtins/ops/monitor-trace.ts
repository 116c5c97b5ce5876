import { asText } from "../as-text.ts";
import type { JsonObject } from "../../../../core/json.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";

/**
 * Holds a trace state against `thresholds` `{max_failures (0), min_confidence (0.5), max_events (1000)}`. `status` is `ok`, `warning` (one
 * broken) or `critical` (two, or confidence below half its floor).
 */
export const monitorTrace: Builtin = (input) => {
  const given = new InputReader(input);
  const trace = new InputReader(given.object("trace"));
  const limits = new InputReader(given.object("thresholds", {}));
  const metrics = {
    event_count: trace.number("event_count", 0),
    failed_count: trace.number("failed_count", 0),
    confidence: trace.number("confidence", 1),
  };
  const alerts: JsonObject[] = [];
  const alert = (metric: string, value: number, limit: number) =>
    alerts.push({ metric, value, limit, message: `${metric} is ${value}, the limit is ${limit}.` });
  const [failures, confidence, count] = [
    limits.number("max_failures", 0),
    limits.number("min_confidence", 0.5),
    limits.number("max_events", 1_000),
  ];
  if (metrics.failed_count > failures) alert("failed_count", metrics.failed_count, failures);
  if (metrics.event_count > 0 && metrics.confidence < confidence)
    alert("confidence", metrics.confidence, confidence);
  if (metrics.event_count > count) alert("event_count", metrics.event_count, count);
  const isCritical =
    alerts.length > 1 || (metrics.event_count > 0 && metrics.confidence < confidence / 2);
  return {
    status: isCritical ? "critical" : alerts.length > 0 ? "warning" : "ok",
    risk_flags: alerts.map((entry) => asText(entry["metric"])),
    alerts,
    metrics,
  };
};

/**
 * Counts `events` by type and holds them against `thresholds` (`{type: most allowed}`; `error` 0 unless given). `status` is `ok`, `warning`,
 * or `critical` where a count is twice its limit.
 */
export const monitorEvents: Builtin = (input) => {
  const given = new InputReader(input);
  const counts: Record<string, number> = {};
  const events = given.records("events");
  for (const event of events) {
    const type = asText(event["type"] ?? event["level"] ?? event["severity"]) || "unknown";
    counts[type] = (counts[type] ?? 0) + 1;
  }
  const limits: JsonObject = { error: 0, ...given.object("thresholds", {}) };
  const alerts = Object.entries(limits).flatMap(([type, limit]) => {
    const count = counts[type] ?? 0;
    return typeof limit === "number" && count > limit
      ? [{ type, count, limit, message: `${count} events of type ${type}, allowed are ${limit}.` }]
      : [];
  });
  const isCritical = alerts.some((alert) =>
    alert.limit > 0 ? alert.count >= alert.limit * 2 : alert.count > 4,
  );
  return {
    status: isCritical ? "critical" : alerts.length > 0 ? "warning" : "ok",
    alerts,
    event_summary: { total: events.length, by_type: counts },
  };
};
