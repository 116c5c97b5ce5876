import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { DomainError } from "../../../core/errors.ts";
import type { Builtin } from "../builtins/builtin.ts";
import { InvocationError, type Invoker } from "./invoker.ts";
import { createMcpInvoker } from "./mcp.ts";
import type { McpTools } from "./mcp-session.ts";
import { createNetworkGuard } from "./network-guard.ts";
import { createTestContext } from "./testing/make-builtin-context.ts";
import { makeInvocation } from "./testing/make-invocation.ts";
import { createMcpTestServer } from "./testing/mcp-test-server.ts";

const guard = createNetworkGuard();
const opened: Invoker[] = [];
afterEach(() => Promise.all(opened.splice(0).map(async (invoker) => invoker.close?.())));
afterAll(() => guard.close());

function makeInvoker(tools: Partial<McpTools> = {}): Invoker {
  const invoker = createMcpInvoker({
    guard,
    env: {},
    servers: {},
    createContext: createTestContext,
    allowStdio: true,
    ...tools,
  });
  opened.push(invoker);
  return invoker;
}

function makeCall(
  operation: string,
  server: unknown,
  fields: Parameters<typeof makeInvocation>[0] = {},
) {
  return makeInvocation({
    ...fields,
    binding: { protocol: "mcp", operation, ...fields.binding },
    service: { kind: "mcp", base_url: undefined, server, ...fields.service },
  });
}

async function failureOf(call: unknown): Promise<InvocationError> {
  const error: unknown = await Promise.resolve(call).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof InvocationError) return error;
  throw new Error(`expected an InvocationError, got ${String(error)}`, { cause: error });
}

const stdio = [
  process.execPath,
  fileURLToPath(new URL("testing/mcp-stdio-server.ts", import.meta.url)),
];

async function pidOf(invoker: Invoker, tenantId = "tnt_1"): Promise<number> {
  const { response } = await invoker.invoke(makeCall("pid", stdio, { tenantId }));
  return z.object({ pid: z.int() }).parse(response).pid;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe("a server behind a command", () => {
  test("answers with structured content, JSON text, or plain text", async () => {
    const invoker = makeInvoker();
    const call = async (tool: string) =>
      (await invoker.invoke(makeCall(tool, stdio, { payload: { text: "hi" } }))).response;
    expect(await call("echo")).toEqual({ echoed: "hi" });
    expect(await call("json")).toEqual({ parsed: true });
    expect(await call("plain")).toEqual({ text: "just words" });
  });

  test("is told the trace and the idempotency key", async () => {
    const invocation = makeCall("meta", stdio, { idempotencyKey: "key-1" });
    const { response } = await makeInvoker().invoke(invocation);
    expect(response).toEqual({
      meta: { traceparent: invocation.traceparent, idempotencyKey: "key-1" },
    });
  });

  test("is started once per tenant and service, and ends with the invoker", async () => {
    const invoker = makeInvoker();
    const [first, second, foreign] = await Promise.all([
      pidOf(invoker),
      pidOf(invoker),
      pidOf(invoker, "tnt_2"),
    ]);
    expect(first).toBe(second);
    expect(foreign).not.toBe(first);
    await invoker.close?.();
    await expect.poll(() => isAlive(first) || isAlive(foreign)).toBe(false);
  });

  test("that dies during a call fails that call, may have acted, and is started again for the next", async () => {
    const invoker = makeInvoker();
    const before = await pidOf(invoker);
    const bystander = await pidOf(invoker, "tnt_2");
    const hanging = failureOf(invoker.invoke(makeCall("hang", stdio)));
    const failure = await failureOf(invoker.invoke(makeCall("die", stdio)));
    expect(failure).toMatchObject({
      code: "upstream_failure",
      message: "The MCP server of service test_service died during the call.",
      possiblySent: true,
      isServiceFault: true,
    });
    expect(await hanging).toMatchObject({ code: "upstream_failure", possiblySent: true });
    expect(await pidOf(invoker)).not.toBe(before);
    expect(await pidOf(invoker, "tnt_2")).toBe(bystander);
  });

  test("that is killed from outside in the middle of a call fails that call", async () => {
    const invoker = makeInvoker();
    const pid = await pidOf(invoker);
    const failure = failureOf(invoker.invoke(makeCall("hang", stdio)));
    process.kill(pid, "SIGKILL");
    expect(await failure).toMatchObject({ code: "upstream_failure", possiblySent: true });
  });

  test("that does not answer ends at the timeout", async () => {
    const invoker = makeInvoker();
    await pidOf(invoker);
    const failure = await failureOf(invoker.invoke(makeCall("hang", stdio, { timeoutMs: 50 })));
    expect(failure).toMatchObject({
      code: "upstream_timeout",
      possiblySent: true,
      isServiceFault: true,
    });
  });

  test("that cannot be started was sent nothing", async () => {
    const failure = await failureOf(
      makeInvoker().invoke(makeCall("echo", ["/nowhere/to/be/found"])),
    );
    expect(failure).toMatchObject({
      code: "upstream_failure",
      possiblySent: false,
      isServiceFault: true,
    });
  });

  test("that ends at its start, or never shakes hands in time, was sent nothing", async () => {
    const ends = [process.execPath, "-e", "process.exit(3)"];
    expect(await failureOf(makeInvoker().invoke(makeCall("echo", ends)))).toMatchObject({
      possiblySent: false,
    });
    const mute = [process.execPath, "-e", "process.stdin.resume()"];
    expect(
      await failureOf(makeInvoker().invoke(makeCall("echo", mute, { timeoutMs: 100 }))),
    ).toMatchObject({
      code: "upstream_timeout",
      possiblySent: false,
    });
  });

  test("that comes up after a call ended is not called by it", async () => {
    const late = [
      process.execPath,
      "-e",
      `setTimeout(() => import(${JSON.stringify(stdio[1])}), 200)`,
    ];
    const invoker = makeInvoker();
    const failure = await failureOf(invoker.invoke(makeCall("count", late, { timeoutMs: 50 })));
    expect(failure).toMatchObject({ code: "upstream_timeout", possiblySent: false });
    expect(await invoker.invoke(makeCall("count", late))).toEqual({ response: { calls: 1 } });
  });

  test("may write to stderr without end", async () => {
    expect(await makeInvoker().invoke(makeCall("noise", stdio))).toEqual({ response: {} });
  });

  test("whose answer exceeds the cap loses its connection", async () => {
    const call = makeCall("flood", stdio, {
      binding: { metadata: { max_response_bytes: 100_000 } },
    });
    expect(await failureOf(makeInvoker().invoke(call))).toMatchObject({
      code: "upstream_failure",
      possiblySent: true,
    });
  });

  test("is not started where this server does not allow it", async () => {
    await expect(
      makeInvoker({ allowStdio: false }).invoke(makeCall("echo", stdio)),
    ).rejects.toMatchObject({
      code: "invalid_configuration",
    });
  });

  test("that reports an error in a tool is healthy", async () => {
    const failure = await failureOf(makeInvoker().invoke(makeCall("fail", stdio)));
    expect(failure).toMatchObject({
      code: "upstream_failure",
      isServiceFault: false,
      possiblySent: true,
    });
    expect(failure.details).toMatchObject({ text: "no such account" });
  });

  test("is not sent a request beyond its cap", async () => {
    const metadata = { max_request_bytes: 10 };
    const call = makeCall("echo", stdio, {
      payload: { text: "more than ten" },
      binding: { metadata },
    });
    expect(await failureOf(makeInvoker().invoke(call))).toMatchObject({
      code: "payload_too_large",
      possiblySent: false,
    });
  });
});

describe("a server in this process", () => {
  const servers = {
    native: {
      upper: {
        description: "upper case",
        call: (input: { [key: string]: unknown }, context: { tenantId: string }) => ({
          text: String(input["text"]).toUpperCase(),
          tenant: context.tenantId,
        }),
      },
      refuse: {
        description: "refuses",
        call: () => {
          throw new DomainError("invalid_request", "text is empty");
        },
      },
    },
  };

  test("runs its tools with the context of each call", async () => {
    const invoker = makeInvoker({ servers });
    const call = async (tenantId: string) =>
      (await invoker.invoke(makeCall("upper", "native", { payload: { text: "hi" }, tenantId })))
        .response;
    expect(await Promise.all([call("tnt_1"), call("tnt_2")])).toEqual([
      { text: "HI", tenant: "tnt_1" },
      { text: "HI", tenant: "tnt_2" },
    ]);
  });

  test("keeps the words of a tool that refuses its input", async () => {
    const failure = await failureOf(makeInvoker({ servers }).invoke(makeCall("refuse", "native")));
    expect(failure).toMatchObject({
      code: "invalid_request",
      message: "text is empty",
      possiblySent: false,
    });
  });

  test("is left by an aborted call at once, and its tool hears of it", async () => {
    const called = Promise.withResolvers<AbortSignal>();
    const call: Builtin = (_, context) => {
      called.resolve(context.signal);
      return new Promise(() => {});
    };
    const invoker = makeInvoker({ servers: { native: { hang: { description: "hangs", call } } } });
    const abort = new AbortController();
    const failure = failureOf(invoker.invoke(makeCall("hang", "native", { signal: abort.signal })));
    const signal = await called.promise;
    abort.abort(new DomainError("step_timeout", "The step took too long."));
    expect(await failure).toMatchObject({
      code: "step_timeout",
      possiblySent: true,
      isServiceFault: false,
    });
    expect(signal.aborted).toBe(true);
  });

  test("is not called where the caller aborted before", async () => {
    const call = makeCall("upper", "native", { signal: AbortSignal.abort() });
    expect(await failureOf(makeInvoker({ servers }).invoke(call))).toMatchObject({
      possiblySent: false,
    });
  });

  test("refuses a tool that it does not have", async () => {
    const failure = await failureOf(makeInvoker({ servers }).invoke(makeCall("gone", "native")));
    expect(failure).toMatchObject({
      code: "upstream_failure",
      possiblySent: false,
      isServiceFault: false,
    });
  });

  test("that this product does not have is named", async () => {
    await expect(makeInvoker().invoke(makeCall("upper", "elsewhere"))).rejects.toMatchObject({
      code: "invalid_configuration",
      message: expect.stringContaining("elsewhere"),
    });
  });
});

describe("a server behind a URL", () => {
  type HttpServer = AsyncDisposable & {
    url: string;
    headers: Record<string, string | string[] | undefined>[];
    forgetSessions(): void;
    breakStreams(): void;
  };

  async function startHttpServer(): Promise<HttpServer> {
    const transports = new Map<string, StreamableHTTPServerTransport>();
    const headers: HttpServer["headers"] = [];
    const server = createServer((request, response) => {
      headers.push(request.headers);
      const id = request.headers["mcp-session-id"];
      const known = typeof id === "string" ? transports.get(id) : undefined;
      if (known !== undefined) return void known.handleRequest(request, response);
      if (id !== undefined) return void response.writeHead(404).end();
      const transport = new StreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        onsessioninitialized: (session) => void transports.set(session, transport),
      });
      void createMcpTestServer()
        .connect(transport as Parameters<ReturnType<typeof createMcpTestServer>["connect"]>[0])
        .then(() => transport.handleRequest(request, response));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    return {
      url: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/mcp`,
      headers,
      forgetSessions: () => transports.clear(),
      breakStreams: () => server.closeAllConnections(),
      async [Symbol.asyncDispose]() {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      },
    };
  }

  test("answers through the guard, with the headers of the service", async () => {
    await using server = await startHttpServer();
    const call = makeCall(
      "echo",
      { url: server.url },
      {
        payload: { text: "hi" },
        service: { metadata: { headers: { Authorization: "Bearer ${API_KEY}" } } },
      },
    );
    expect(await makeInvoker({ env: { API_KEY: "k-1" } }).invoke(call)).toEqual({
      response: { echoed: "hi" },
    });
    expect(server.headers.every((headers) => headers["authorization"] === "Bearer k-1")).toBe(true);
  });

  test("is not reached where private addresses are not allowed", async () => {
    await using server = await startHttpServer();
    const call = makeCall("echo", { url: server.url }, { network: { allowPrivate: false } });
    const failure = await failureOf(makeInvoker().invoke(call));
    expect(failure).toMatchObject({
      code: "forbidden",
      possiblySent: false,
      isServiceFault: false,
    });
    expect(server.headers).toEqual([]);
  });

  test("that lost our session is greeted again, and the call goes through once", async () => {
    await using server = await startHttpServer();
    const invoker = makeInvoker();
    await invoker.invoke(makeCall("echo", { url: server.url }));
    server.forgetSessions();
    expect(await invoker.invoke(makeCall("json", { url: server.url }))).toEqual({
      response: { parsed: true },
    });
  });

  test("whose stream breaks during a call may have acted", async () => {
    await using server = await startHttpServer();
    const invoker = makeInvoker();
    await invoker.invoke(makeCall("echo", { url: server.url }));
    const asked = server.headers.length;
    const failure = failureOf(invoker.invoke(makeCall("hang", { url: server.url })));
    await expect.poll(() => server.headers.length).toBeGreaterThan(asked);
    server.breakStreams();
    expect(await failure).toMatchObject({
      code: "upstream_failure",
      possiblySent: true,
      isServiceFault: true,
    });
  });

  test("whose answer exceeds the cap fails the call", async () => {
    await using server = await startHttpServer();
    const metadata = { max_response_bytes: 50_000 };
    const failure = await failureOf(
      makeInvoker().invoke(makeCall("flood", { url: server.url }, { binding: { metadata } })),
    );
    expect(failure.details).toMatchObject({ reason: "too_large" });
  });

  test("that is not there was sent nothing", async () => {
    const server = await startHttpServer();
    await server[Symbol.asyncDispose]();
    const failure = await failureOf(makeInvoker().invoke(makeCall("echo", { url: server.url })));
    expect(failure).toMatchObject({
      code: "upstream_failure",
      possiblySent: false,
      isServiceFault: true,
    });
  });
});
