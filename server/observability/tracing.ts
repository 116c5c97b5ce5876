import { randomBytes } from "node:crypto";
import {
  context,
  ROOT_CONTEXT,
  type Span,
  SpanStatusCode,
  trace,
  type Tracer,
} from "@opentelemetry/api";
import type { RunSpan } from "./run-spans.ts";

export type Tracing = {
  /** Sends the trace of a run under the run's own trace id. */
  send(traceId: string, span: RunSpan): void;
  /** Sends what still waits and stops. */
  stop(): Promise<void>;
};

/** Sends traces to `endpoint` (OTLP over HTTP). Loaded only where an endpoint is set: without one nothing of it runs. */
export async function startTracing(options: {
  endpoint: string;
  version: string;
}): Promise<Tracing> {
  const [{ NodeSDK, resources }, { OTLPTraceExporter }] = await Promise.all([
    import("@opentelemetry/sdk-node"),
    import("@opentelemetry/exporter-trace-otlp-http"),
  ]);
  const ids = createIdSource();
  const sdk = new NodeSDK({
    idGenerator: ids,
    resource: resources.resourceFromAttributes({
      "service.name": "orca",
      "service.version": options.version,
    }),
    traceExporter: new OTLPTraceExporter({
      // A collector that is away must not hold up the end of the process.
      timeoutMillis: 2_000,
      url: `${options.endpoint.replace(/\/$/, "")}/v1/traces`,
    }),
    instrumentations: [],
  });
  sdk.start();
  const tracer = trace.getTracer("orca", options.version);
  return {
    send(traceId, span) {
      ids.useForNextTrace(traceId);
      const root = startSpan(tracer, span, ROOT_CONTEXT);
      const below = trace.setSpan(ROOT_CONTEXT, root);
      for (const child of span.children)
        startSpan(tracer, child, below).end(new Date(child.endedAt));
      root.end(new Date(span.endedAt));
    },
    stop: () => sdk.shutdown(),
  };
}

function startSpan(tracer: Tracer, span: RunSpan, parent: ReturnType<typeof context.active>): Span {
  const { name, startedAt, attributes, error } = span;
  // A Date: the library takes small numbers for times since the process began.
  const started = tracer.startSpan(name, { startTime: new Date(startedAt), attributes }, parent);
  if (error !== null) started.setStatus({ code: SpanStatusCode.ERROR, message: error });
  return started;
}

/** The library would make a new trace id for every root span; a run has one already, which its callers know. */
function createIdSource() {
  let next: string | null = null;
  return {
    useForNextTrace: (traceId: string) => {
      next = traceId;
    },
    generateTraceId: () => {
      const traceId = next ?? randomBytes(16).toString("hex");
      next = null;
      return traceId;
    },
    generateSpanId: () => randomBytes(8).toString("hex"),
  };
}
