import { afterAll, describe, expect, test } from "vitest";
import { InvocationError } from "./invoker.ts";
import { createNetworkGuard } from "./network-guard.ts";
import { createOpenApiInvoker } from "./openapi.ts";
import { answerJson, startLoopbackServer } from "./testing/loopback-server.ts";
import { makeInvocation, makeTiming } from "./testing/make-invocation.ts";

const guard = createNetworkGuard();
afterAll(() => guard.close());

function makeInvoker(env: Record<string, string> = {}) {
  const timing = makeTiming();
  return { invoker: createOpenApiInvoker({ guard, env, timing }), timing };
}

async function failureOf(call: unknown): Promise<InvocationError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof InvocationError) return error;
    throw error;
  }
  throw new Error("expected a failure");
}

describe("the request", () => {
  test("is a POST of the payload as JSON, with trace and idempotency headers", async () => {
    await using server = await startLoopbackServer((_, response) =>
      answerJson(response, { done: true }),
    );
    const { invoker } = makeInvoker();
    const invocation = makeInvocation({
      service: { base_url: `${server.url}/v1/` },
      binding: {
        operation: "/chat/completions",
        metadata: { headers: { "Idempotency-Key": "mine" } },
      },
      payload: { text: "hi" },
      idempotencyKey: "key-1",
    });
    expect(await invoker.invoke(invocation)).toEqual({ response: { done: true } });
    expect(server.seen[0]).toMatchObject({
      method: "POST",
      path: "/v1/chat/completions",
      body: '{"text":"hi"}',
    });
    expect(server.seen[0]?.headers).toMatchObject({
      "content-type": "application/json",
      "idempotency-key": "key-1",
      traceparent: invocation.traceparent,
    });
  });

  test("takes path parameters out of the payload and sends the rest of a GET as query", async () => {
    await using server = await startLoopbackServer((_, response) => answerJson(response, {}));
    const { invoker } = makeInvoker();
    await invoker.invoke(
      makeInvocation({
        service: { base_url: server.url },
        binding: { operation: "users/{id}/posts", metadata: { method: "GET" } },
        payload: { id: "a/b ü", tags: ["x", "y"], filter: { a: 1 }, none: null, limit: 5 },
      }),
    );
    const url = new URL(server.seen[0]?.path ?? "", server.url);
    expect(url.pathname).toBe("/users/a%2Fb%20%C3%BC/posts");
    expect([...url.searchParams]).toEqual([
      ["tags", "x"],
      ["tags", "y"],
      ["filter", '{"a":1}'],
      ["limit", "5"],
    ]);
    expect(server.seen[0]?.body).toBe("");
  });

  test.each([[".."], ["."], [""], [null], [{}], [undefined]])(
    "is not sent with %j as path parameter",
    async (id) => {
      await using server = await startLoopbackServer((_, response) => answerJson(response, {}));
      const { invoker } = makeInvoker();
      const failure = await failureOf(
        invoker.invoke(
          makeInvocation({
            service: { base_url: server.url },
            binding: { operation: "users/{id}" },
            payload: id === undefined ? {} : { id },
          }),
        ),
      );
      expect(failure).toMatchObject({
        code: "invalid_request",
        possiblySent: false,
        isServiceFault: false,
      });
      expect(failure.message).toContain("{id}");
      expect(server.seen).toEqual([]);
    },
  );

  test("carries the binding's headers over the service's, with variables put in", async () => {
    await using server = await startLoopbackServer((_, response) => answerJson(response, {}));
    const { invoker } = makeInvoker({ HOST_URL: server.url, API_KEY: "k-123" });
    await invoker.invoke(
      makeInvocation({
        service: {
          base_url: "${HOST_URL}/x",
          metadata: { headers: { Authorization: "Bearer ${API_KEY}", "X-A": "1" } },
        },
        binding: { metadata: { headers: { "x-a": "2" } } },
      }),
    );
    expect(server.seen[0]?.headers).toMatchObject({ authorization: "Bearer k-123", "x-a": "2" });
    expect(server.seen[0]?.path).toBe("/x/act");
  });

  test.each([
    [{ base_url: "${NOT_SET}/v1" }, "base_url of service test_service"],
    [
      { metadata: { headers: { authorization: "Bearer ${NOT_SET}" } } },
      "Header authorization of service test_service",
    ],
  ])("is not sent where a variable is not set, and its name is said", async (service, place) => {
    const { invoker } = makeInvoker();
    await expect(invoker.invoke(makeInvocation({ service }))).rejects.toMatchObject({
      code: "invalid_configuration",
      message: `${place} needs the environment variable NOT_SET, which is not set.`,
    });
  });

  test("does not go to a service without a base URL", async () => {
    const { invoker } = makeInvoker();
    const service = { base_url: undefined, spec_ref: "spec.yaml" };
    await expect(invoker.invoke(makeInvocation({ service }))).rejects.toMatchObject({
      code: "invalid_configuration",
    });
  });
});

describe("the answer", () => {
  async function answerOf(
    status: number,
    headers: Record<string, string>,
    body: string | Buffer,
    metadata: Record<string, unknown> = {},
  ) {
    await using server = await startLoopbackServer((_, response) =>
      response.writeHead(status, headers).end(body),
    );
    const { invoker } = makeInvoker();
    return await invoker.invoke(
      makeInvocation({ service: { base_url: server.url }, binding: { metadata } }),
    );
  }

  test("of 204 is an empty object", async () => {
    expect(await answerOf(204, {}, "")).toEqual({ response: {} });
  });

  test("as text is {text}, in the charset that it names", async () => {
    const headers = { "content-type": "text/plain; charset=iso-8859-1" };
    const answer = await answerOf(200, headers, Buffer.from([0xfc]), { response_mode: "text" });
    expect(answer).toEqual({ response: { text: "ü" } });
  });

  test("as raw is {body, content_type}, bytes as base64", async () => {
    const raw = { response_mode: "raw" };
    expect(await answerOf(200, { "content-type": "text/csv" }, "a,b", raw)).toEqual({
      response: { body: "a,b", content_type: "text/csv" },
    });
    expect(
      await answerOf(200, { "content-type": "image/png" }, Buffer.from([0x89, 0xff]), raw),
    ).toEqual({
      response: { body: "if8=", content_type: "image/png", encoding: "base64" },
    });
  });

  test("that is a web page is a failure that shows its type and beginning", async () => {
    const page = `<!doctype html><title>Sign in</title>${"x".repeat(5_000)}`;
    const failure = await failureOf(
      answerOf(200, { "content-type": "text/html; charset=utf-8" }, page),
    );
    expect(failure).toMatchObject({
      code: "upstream_failure",
      message: "The service test_service answered with text/html that is not JSON.",
      possiblySent: true,
      isServiceFault: true,
    });
    expect(failure.details).toMatchObject({ content_type: "text/html", body: page.slice(0, 500) });
    expect(failure.hint).toContain("web page");
  });

  test.each([
    [400, false, false],
    [404, false, false],
    [409, true, false],
    [500, true, true],
  ])(
    "of status %i: may have acted %s, service at fault %s",
    async (status, possiblySent, isServiceFault) => {
      const failure = await failureOf(answerOf(status, {}, "no"));
      expect(failure).toMatchObject({ code: "upstream_failure", possiblySent, isServiceFault });
      expect(failure.details).toMatchObject({ status, body: "no" });
    },
  );

  test("that repeats a secret back has it hidden", async () => {
    await using server = await startLoopbackServer((request, response) => {
      response.writeHead(400).end(`bad header ${String(request.headers["authorization"])}`);
    });
    const { invoker } = makeInvoker({ API_KEY: "k-123456" });
    const headers = { authorization: "Bearer ${API_KEY}" };
    const failure = await failureOf(
      invoker.invoke(makeInvocation({ service: { base_url: server.url, metadata: { headers } } })),
    );
    expect(failure.details).toMatchObject({ body: "bad header Bearer [hidden]" });
  });
});

describe("sending again", () => {
  test.each([429, 502, 503, 504])(
    "happens after %i with growing waits until it works",
    async (status) => {
      await using server = await startLoopbackServer((_, response) => {
        if (server.seen.length < 4) response.writeHead(status).end();
        else answerJson(response, { ok: true });
      });
      const { invoker, timing } = makeInvoker();
      const answer = await invoker.invoke(makeInvocation({ service: { base_url: server.url } }));
      expect(answer).toEqual({ response: { ok: true } });
      expect(timing.waits).toEqual([1_000, 2_000, 4_000]);
    },
  );

  test("ends after the retries that the binding allows", async () => {
    await using server = await startLoopbackServer((_, response) => response.writeHead(503).end());
    const { invoker, timing } = makeInvoker();
    const metadata = { retry_count: 2, retry_backoff_base: 0.5, retry_backoff_factor: 3 };
    const failure = await failureOf(
      invoker.invoke(makeInvocation({ service: { base_url: server.url }, binding: { metadata } })),
    );
    expect(server.seen).toHaveLength(3);
    expect(timing.waits).toEqual([500, 1_500]);
    expect(failure.details).toMatchObject({ status: 503, retries: 2 });
  });

  test("waits as long as the service asks", async () => {
    await using server = await startLoopbackServer((_, response) => {
      if (server.seen.length === 1) response.writeHead(503, { "retry-after": "7" }).end();
      else if (server.seen.length === 2)
        response.writeHead(429, { "retry-after": "Sun, 01 Mar 2026 12:00:16 GMT" }).end();
      else answerJson(response, {});
    });
    const { invoker, timing } = makeInvoker();
    await invoker.invoke(makeInvocation({ service: { base_url: server.url } }));
    expect(timing.waits).toEqual([7_000, 9_000]);
  });

  test("does not begin where the wait would outlast the invocation", async () => {
    await using server = await startLoopbackServer((_, response) =>
      response.writeHead(503, { "retry-after": "50" }).end(),
    );
    const { invoker, timing } = makeInvoker();
    await failureOf(
      invoker.invoke(makeInvocation({ service: { base_url: server.url }, timeoutMs: 20_000 })),
    );
    expect(timing.waits).toEqual([]);
    expect(server.seen).toHaveLength(1);
  });

  test("happens after a timeout and after a broken connection", async () => {
    await using server = await startLoopbackServer((_, response, raw) => {
      if (server.seen.length === 1) return;
      if (server.seen.length === 2) raw.socket.resetAndDestroy();
      else answerJson(response, { ok: true });
    });
    const { invoker } = makeInvoker();
    const metadata = { timeout_seconds: 0.1 };
    const answer = await invoker.invoke(
      makeInvocation({ service: { base_url: server.url }, binding: { metadata } }),
    );
    expect(answer).toEqual({ response: { ok: true } });
    expect(server.seen).toHaveLength(3);
  });

  test.each([400, 404, 500])("never happens after %i", async (status) => {
    await using server = await startLoopbackServer((_, response) =>
      response.writeHead(status).end(),
    );
    const { invoker } = makeInvoker();
    await failureOf(invoker.invoke(makeInvocation({ service: { base_url: server.url } })));
    expect(server.seen).toHaveLength(1);
  });

  test("never happens for an acting call that may have been acted on", async () => {
    await using server = await startLoopbackServer((_, response, raw) => {
      if (server.seen.length % 2 === 1) response.writeHead(503).end();
      else raw.socket.resetAndDestroy();
    });
    const { invoker } = makeInvoker();
    const acting = { service: { base_url: server.url }, mayResend: false, idempotencyKey: "key-1" };
    expect(await failureOf(invoker.invoke(makeInvocation(acting)))).toMatchObject({
      possiblySent: true,
    });
    expect(await failureOf(invoker.invoke(makeInvocation(acting)))).toMatchObject({
      possiblySent: true,
    });
    expect(server.seen).toHaveLength(2);
  });

  test("happens for an acting call that the service refused for its rate", async () => {
    await using server = await startLoopbackServer((_, response) => {
      if (server.seen.length === 1) response.writeHead(429).end();
      else answerJson(response, {});
    });
    const { invoker } = makeInvoker();
    await invoker.invoke(
      makeInvocation({
        service: { base_url: server.url },
        mayResend: false,
        idempotencyKey: "key-1",
      }),
    );
    expect(server.seen).toHaveLength(2);
  });

  test("remembers that an earlier copy may have been acted on", async () => {
    await using server = await startLoopbackServer((_, response) => {
      response.writeHead(server.seen.length === 1 ? 503 : 400).end();
    });
    const { invoker } = makeInvoker();
    const failure = await failureOf(
      invoker.invoke(makeInvocation({ service: { base_url: server.url } })),
    );
    expect(failure).toMatchObject({ possiblySent: true, details: { status: 400, retries: 1 } });
  });

  test("ends at once when the caller aborts the wait", async () => {
    const abort = new AbortController();
    await using server = await startLoopbackServer((_, response) => response.writeHead(503).end());
    const timing = {
      ...makeTiming(),
      wait: (_: number, signal: AbortSignal) => {
        abort.abort();
        return Promise.reject(signal.reason);
      },
    };
    const invoker = createOpenApiInvoker({ guard, env: {}, timing });
    const failure = await failureOf(
      invoker.invoke(makeInvocation({ service: { base_url: server.url }, signal: abort.signal })),
    );
    expect(failure).toMatchObject({
      possiblySent: true,
      isServiceFault: false,
      details: { reason: "canceled" },
    });
    expect(server.seen).toHaveLength(1);
  });
});
