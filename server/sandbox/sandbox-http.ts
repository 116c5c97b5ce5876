import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { JsonObjectSchema } from "../../core/field.ts";
import type { JsonObject } from "../../core/json.ts";
import type { Outcome } from "./perform-once.ts";
import { PAGE_POLICY, renderSandboxPage } from "./sandbox-page.ts";
import { answerSandbox, refuse } from "./sandbox-routes.ts";
import type { SandboxStore } from "./sandbox-store.ts";

const MAX_BODY_BYTES = 1024 * 1024;
/** Longer than clients keep an idle connection, so that none is closed while a request for it is on its way. */
const KEEP_ALIVE_MS = 65_000;
const LOOPBACK = ["127.0.0.1", "localhost", "[::1]"];

/**
 * The HTTP side of the sandbox service: the page at `/`, JSON everywhere else. It only answers to its own host names, so that a web page elsewhere
 * cannot reach it under a name of its own, and takes only JSON bodies, which a form cannot send.
 */
export function createSandboxHttp(
  store: SandboxStore,
  options: { host: string; now: () => Date },
): Server {
  const server = createServer((request, response) => {
    void handle(store, options, request)
      .catch(() =>
        refuse(500, "internal_error", "Something went wrong inside the sandbox service."),
      )
      .then((outcome) =>
        outcome === "page" ? sendPage(response, store) : sendJson(response, outcome),
      );
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  return server;
}

async function handle(
  store: SandboxStore,
  options: { host: string; now: () => Date },
  request: IncomingMessage,
): Promise<Outcome | "page"> {
  const url = URL.parse(`http://${request.headers.host ?? ""}${request.url ?? "/"}`);
  if (url === null || ![...LOOPBACK, options.host].includes(url.hostname))
    return refuse(421, "invalid_request", "This host name is not served here.");
  const method = request.method ?? "GET";
  const path = url.pathname
    .split("/")
    .filter((segment) => segment !== "")
    .map(decodeSegment);
  if (path.length === 0 && (method === "GET" || method === "HEAD")) return "page";
  const read: ReadBody = method === "POST" ? await readBody(request) : { body: {} };
  if ("refused" in read) return read.refused;
  const key = request.headers["idempotency-key"];
  return answerSandbox(store, {
    method,
    path,
    query: url.searchParams,
    key: typeof key === "string" && key !== "" ? key : null,
    body: read.body,
    at: options.now().toISOString(),
  });
}

type ReadBody = { body: JsonObject } | { refused: Outcome };

async function readBody(request: IncomingMessage): Promise<ReadBody> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_BODY_BYTES)
      return { refused: refuse(413, "payload_too_large", "The body is larger than 1 MiB.") };
    chunks.push(bytes);
  }
  if (size === 0) return { body: {} };
  if (!(request.headers["content-type"] ?? "").startsWith("application/json"))
    return { refused: refuse(415, "invalid_request", "The body must be application/json.") };
  const parsed = JsonObjectSchema.safeParse(parseJson(Buffer.concat(chunks).toString("utf8")));
  return parsed.success
    ? { body: parsed.data }
    : { refused: refuse(400, "invalid_request", "The body is not a JSON object.") };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function sendJson(response: ServerResponse, outcome: Outcome): void {
  response.writeHead(outcome.httpStatus, {
    "content-type": "application/json; charset=utf-8",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    ...(outcome.isReplay ? { "idempotency-replayed": "true" } : {}),
  });
  response.end(JSON.stringify(outcome.answer));
}

function sendPage(response: ServerResponse, store: SandboxStore): void {
  response.writeHead(200, {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": PAGE_POLICY,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
  });
  response.end(renderSandboxPage(store));
}
