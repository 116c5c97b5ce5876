import type { IncomingMessage, ServerResponse } from "node:http";
import { callTRPCProcedure } from "@trpc/server";
import { DomainError } from "../../core/errors.ts";
import { MAX_PACK_BYTES } from "../packs/pack-format.ts";
import type { ApiContext } from "./api-context.ts";
import { parseJsonBody } from "./http/parse-json-body.ts";
import { readBody } from "./http/read-body.ts";
import { sendFile, sendJson } from "./http/send.ts";
import { requireCaller } from "./require-caller.ts";
import { toOperationInput } from "./rest-input.ts";
import { matchRoute, type RestRoute } from "./rest-routes.ts";
import { appRouter } from "./router.ts";
import { readUploadedDocuments } from "./uploaded-documents.ts";

/** Serves an operation over REST. `path` is what follows /api/v1. Throws what the caller is to be told. */
export async function serveRest(
  request: IncomingMessage,
  response: ServerResponse,
  url: { path: string; query: URLSearchParams },
  context: () => Promise<ApiContext>,
): Promise<void> {
  const match = matchRoute(request.method ?? "GET", url.path);
  if (match.found === "nothing") throw unknownRoute(url.path);
  if (match.found === "other_methods") {
    response.setHeader("allow", match.allow.join(", "));
    throw new DomainError(
      "method_not_allowed",
      `/api/v1${url.path} is not served for ${request.method}.`,
      {
        hint: `Use ${match.allow.join(" or ")}.`,
      },
    );
  }
  const { route, parameters } = match;
  const ctx = await context();
  // Asked before the body is read: nobody unpacks an archive here who may not import it.
  requireCaller(ctx, route.meta.permission);
  const input = toOperationInput(route, parameters, url.query, await bodyOf(route, request));
  const output = await callTRPCProcedure({
    router: appRouter,
    path: route.name,
    type: route.type,
    ctx,
    getRawInput: () => Promise.resolve(input),
    signal: ctx.signal,
    batchIndex: 0,
  });
  for (const [name, value] of ctx.answer.headers) response.setHeader(name, value);
  if (route.meta.file !== undefined && ctx.answer.file !== null) {
    sendFile(response, route.meta.file, ctx.answer.file);
    return;
  }
  sendJson(response, ctx.answer.status ?? route.meta.status ?? 200, output);
}

async function bodyOf(route: RestRoute, request: IncomingMessage): Promise<unknown> {
  if (route.meta.method === "GET") return {};
  if (route.name === "packs.import") return { file: await readBody(request, MAX_PACK_BYTES) };
  const body = await readBody(request);
  const type = request.headers["content-type"] ?? "";
  if (
    route.name === "registry.import" &&
    body.byteLength > 0 &&
    !/^application\/json/i.test(type)
  ) {
    return { documents: await readUploadedDocuments(type, body) };
  }
  return parseJsonBody(body);
}

function unknownRoute(path: string): DomainError {
  return new DomainError("not_found", `There is no /api/v1${path}.`, {
    hint: "The OpenAPI document at /api/v1/openapi.json lists every route.",
  });
}
