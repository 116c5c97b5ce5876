import type { JsonObject } from "../../core/json.ts";
import type { EventEnvelope, EventType } from "../../core/run-events.ts";

/** The event at `sequence` of the run `run_1`, that many milliseconds after 2030 began. */
export function eventOf(
  sequence: number,
  type: EventType,
  payload: JsonObject = {},
): EventEnvelope {
  return {
    event_id: `evt_1_${sequence}`,
    event_version: "1.0",
    event_type: type,
    occurred_at: new Date(Date.UTC(2030, 0, 1) + sequence).toISOString(),
    tenant_id: "default",
    run_id: "run_1",
    trace_id: "0123456789abcdef0123456789abcdef",
    sequence,
    payload,
  };
}
