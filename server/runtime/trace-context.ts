import { randomBytes } from "node:crypto";

/** The trace id of a W3C `traceparent` header, or a new one where there is none or it is malformed. 32 hex digits. */
export function traceIdOf(traceparent: string | undefined): string {
  const match = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(traceparent ?? "");
  const traceId = match?.[1];
  return traceId === undefined || /^0+$/.test(traceId) ? randomBytes(16).toString("hex") : traceId;
}

/** The header of a call that a run makes: its trace, and a span named after the call's place in the history. */
export function traceparentOf(traceId: string, sequence: number): string {
  return `00-${traceId}-${(sequence + 1).toString(16).padStart(16, "0")}-01`;
}
