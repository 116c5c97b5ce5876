import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { DomainError } from "../../../core/errors.ts";
import type { AuthenticationDependencies } from "../../auth/authenticate.ts";
import { createRateLimiter, type RateLimit } from "../../auth/rate-limiter.ts";
import type { ApiContext } from "../api-context.ts";
import type { ApiDependencies } from "../api-dependencies.ts";
import { toApiError } from "../api-error.ts";
import { DOCS_CONTENT_POLICY, docsPage } from "../docs-page.ts";
import { openApiDocument } from "../openapi.ts";
import { requireCaller } from "../require-caller.ts";
import { serveRest } from "../rest.ts";
import { createSharedEventReader, type SharedEventReader } from "../shared-event-reader.ts";
import { serveStream } from "../stream.ts";
import { serveTrpc } from "../trpc-http.ts";
import { makeContext } from "./make-context.ts";
import { servePages } from "./serve-pages.ts";
import { setApiContentPolicy, setSecurityHeaders } from "./security-headers.ts";
import { sendError, sendJson } from "./send.ts";
import { type Readiness, sendMetrics, sendReadiness } from "./send-health.ts";
import { readTraceContext } from "./trace-context.ts";

export type HttpDependencies = {
  api: ApiDependencies;
  authentication: AuthenticationDependencies;
  /** Next's handler; null where this process serves no pages. */
  pages: RequestListener | null;
  isDevelopment: boolean;
  areMetricsOpen: boolean;
  version: string;
  /** Per API key and person; CALL_LIMIT when absent. */
  callLimit?: RateLimit;
  readiness: () => Promise<Readiness>;
  /** Aborted when the process stops: streams end, so that their clients go elsewhere. */
  stopping: AbortSignal;
};

/** Generous: a caller that stays below it is not one that disturbs others. */
const CALL_LIMIT: RateLimit = { burst: 2000, perSecond: 500 };

type Call = {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  context: () => Promise<ApiContext>;
  reader: SharedEventReader;
};
type Surface = { name: string; serve: (call: Call) => Promise<void> | void };

/** Answers every request of the process: the API by itself, everything else by the pages. Never throws. */
export function createRequestListener(dependencies: HttpDependencies): RequestListener {
  const { api, stopping } = dependencies;
  const limiter = createRateLimiter(dependencies.callLimit ?? CALL_LIMIT);
  const reader = createSharedEventReader(api.database);
  const surfaceOf = createSurfaces(dependencies);

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const trace = readTraceContext(request.headers.traceparent);
    const startedAt = performance.now();
    let surface = "none";
    response.once("close", () => {
      const labels = {
        surface,
        method: request.method ?? "GET",
        status: String(response.statusCode),
      };
      api.metrics.httpRequests.inc(labels);
      if (surface !== "stream")
        api.metrics.httpSeconds.observe({ surface }, (performance.now() - startedAt) / 1000);
    });
    setSecurityHeaders(response);
    response.setHeader("x-trace-id", trace.traceId);
    const context = () =>
      makeContext(request, response, trace, {
        api,
        authentication: dependencies.authentication,
        limiter,
        stopping,
      });
    try {
      const url = parseUrl(request);
      const { name, serve } = surfaceOf(url.pathname);
      surface = name;
      if (name !== "pages") setApiContentPolicy(response);
      await serve({ request, response, url, context, reader });
    } catch (thrown) {
      const record = toApiError(thrown);
      if (record.code === "internal_error")
        api.logger.error(
          { err: thrown, trace_id: trace.traceId, path: request.url },
          "A request failed",
        );
      sendError(response, record, trace.traceId);
    }
  };
  return (request, response) => void answer(request, response);
}

function createSurfaces(dependencies: HttpDependencies): (path: string) => Surface {
  const { api, pages } = dependencies;
  const openApi = openApiDocument(dependencies.version);
  const docs = docsPage(openApi);
  const fixed: Record<string, Surface> = {
    "/healthz": {
      name: "health",
      serve: ({ response }) => sendJson(response, 200, { status: "ok" }),
    },
    "/readyz": {
      name: "health",
      serve: ({ response }) => sendReadiness(response, dependencies.readiness),
    },
    "/metrics": {
      name: "metrics",
      serve: async ({ response, context }) => {
        if (!dependencies.areMetricsOpen) requireCaller(await context(), "metrics:read");
        await sendMetrics(response, api.metrics.registry);
      },
    },
    "/api/v1/openapi.json": {
      name: "docs",
      serve: ({ response }) => sendJson(response, 200, openApi),
    },
    "/api/v1/docs": {
      name: "docs",
      serve: ({ response }) => {
        response.writeHead(200, {
          "content-type": "text/html; charset=utf-8",
          "content-security-policy": DOCS_CONTENT_POLICY,
        });
        response.end(docs);
      },
    },
  };
  return (path) => fixed[path] ?? surfaceByPrefix(path, pages, dependencies.isDevelopment);
}

function surfaceByPrefix(
  path: string,
  pages: RequestListener | null,
  isDevelopment: boolean,
): Surface {
  const [, runId] = /^\/api\/v1\/runs\/([^/]+)\/stream$/.exec(path) ?? [];
  if (runId !== undefined) return { name: "stream", serve: (call) => serveRunStream(call, runId) };
  if (path.startsWith("/api/v1/") || path === "/api/v1") {
    return {
      name: "rest",
      serve: ({ request, response, url, context }) =>
        serveRest(
          request,
          response,
          { path: path.slice("/api/v1".length), query: url.searchParams },
          context,
        ),
    };
  }
  if (path.startsWith("/api/trpc/")) {
    return {
      name: "trpc",
      serve: ({ request, response, url, context }) => serveTrpc(request, response, url, context),
    };
  }
  if (pages === null || (path.startsWith("/api/") && !path.startsWith("/api/auth/"))) {
    return {
      name: "none",
      serve: () => {
        throw new DomainError("not_found", `There is nothing at ${path}.`, {
          hint: "The API is at /api/v1.",
        });
      },
    };
  }
  return {
    name: "pages",
    serve: ({ request, response }) => servePages(pages, request, response, isDevelopment),
  };
}

async function serveRunStream(
  { request, response, url, context, reader }: Call,
  runId: string,
): Promise<void> {
  if (request.method !== "GET") {
    response.setHeader("allow", "GET");
    throw new DomainError("method_not_allowed", "A stream is read with GET.");
  }
  const ctx = requireCaller(await context(), "run:read");
  const lastEventId = request.headers["last-event-id"];
  await serveStream(
    ctx,
    response,
    {
      runId,
      after: url.searchParams.get("after"),
      lastEventId: typeof lastEventId === "string" ? lastEventId : undefined,
    },
    reader,
  );
}

function parseUrl(request: IncomingMessage): URL {
  const url = URL.parse(request.url ?? "/", "http://localhost");
  if (url === null)
    throw new DomainError("invalid_request", "The request's address is not readable.");
  return url;
}
