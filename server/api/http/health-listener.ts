import type { RequestListener } from "node:http";
import type { Registry } from "prom-client";
import { type Readiness, sendMetrics, sendReadiness } from "./send-health.ts";
import { sendError, sendJson } from "./send.ts";
import { setApiContentPolicy, setSecurityHeaders } from "./security-headers.ts";
import { readTraceContext } from "./trace-context.ts";

/** Answers /healthz, /readyz and /metrics, and nothing else: what a worker shows to whoever watches over it. */
export function createHealthListener(parts: {
  readiness: () => Promise<Readiness>;
  registry: Registry;
}): RequestListener {
  return (request, response) => {
    setSecurityHeaders(response);
    setApiContentPolicy(response);
    const { traceId } = readTraceContext(request.headers.traceparent);
    const path = URL.parse(request.url ?? "/", "http://localhost")?.pathname;
    if (path === "/healthz") sendJson(response, 200, { status: "ok" });
    else if (path === "/readyz") void sendReadiness(response, parts.readiness);
    else if (path === "/metrics") void sendMetrics(response, parts.registry);
    else
      sendError(
        response,
        { code: "not_found", message: "A worker answers /healthz, /readyz and /metrics only." },
        traceId,
      );
  };
}
