import { randomBytes } from "node:crypto";

export type TraceContext = { traceId: string; traceparent: string };

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/;

/** The caller's trace (W3C Trace Context), or a new one where it sent none or one that is not valid. */
export function readTraceContext(header: string | string[] | undefined): TraceContext {
  const match = typeof header === "string" ? TRACEPARENT.exec(header) : null;
  const [traceparent, traceId, parentId] = match ?? [];
  const isValid =
    traceId !== undefined &&
    !/^0+$/.test(traceId) &&
    parentId !== undefined &&
    !/^0+$/.test(parentId);
  if (isValid && traceparent !== undefined) return { traceId, traceparent };
  const newTraceId = randomBytes(16).toString("hex");
  return {
    traceId: newTraceId,
    traceparent: `00-${newTraceId}-${randomBytes(8).toString("hex")}-01`,
  };
}
