import type { EventEnvelope } from "../../core/run-events.ts";

const STEERED = new Set(["run.canceled", "run.paused", "run.resumed"]);

/** What somebody wrote when they last steered the run: why it was canceled, paused or resumed. Null for no words. */
export function givenReason(events: readonly EventEnvelope[]): string | null {
  const reason = events.findLast((event) => STEERED.has(event.event_type))?.payload["reason"];
  return typeof reason === "string" && reason !== "" ? reason : null;
}
