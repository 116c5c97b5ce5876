import type { IncomingMessage, ServerResponse } from "node:http";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import type { ApiContext } from "./api-context.ts";
import { statusOf, toApiError } from "./api-error.ts";
import { parseJsonBody } from "./http/parse-json-body.ts";
import { readBody } from "./http/read-body.ts";
import { appRouter } from "./router.ts";

/** Serves the pages' calls over tRPC at /api/trpc, with the same errors and limits as REST. */
export async function serveTrpc(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  context: () => Promise<ApiContext>,
): Promise<void> {
  const ctx = await context();
  const body = request.method === "POST" ? await readBody(request) : null;
  if (body !== null) parseJsonBody(body);
  const headers = new Headers();
  for (const name of ["content-type", "accept", "trpc-accept"]) {
    const value = request.headers[name];
    if (typeof value === "string") headers.set(name, value);
  }
  const answer = await fetchRequestHandler({
    endpoint: "/api/trpc",
    router: appRouter,
    req: new Request(url, {
      method: request.method ?? "GET",
      headers,
      signal: ctx.signal,
      ...(body === null ? {} : { body: new Uint8Array(body) }),
    }),
    createContext: () => ctx,
    onError: ({ error, path }) => {
      if (toApiError(error).code !== "internal_error") return;
      ctx.dependencies.logger.error(
        { err: error, trace_id: ctx.traceId, path },
        "A request failed",
      );
    },
    responseMeta: ({ errors, data }) => {
      const [first] = errors;
      return first !== undefined && data.length <= 1 ? { status: statusOf(toApiError(first)) } : {};
    },
  });
  for (const [name, value] of answer.headers) response.setHeader(name, value);
  for (const [name, value] of ctx.answer.headers) response.setHeader(name, value);
  response.setHeader("cache-control", "no-store");
  response.writeHead(answer.status);
  response.end(Buffer.from(await answer.arrayBuffer()));
}
