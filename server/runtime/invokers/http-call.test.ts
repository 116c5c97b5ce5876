import { createServer, type Socket } from "node:net";
import { once } from "node:events";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { classifyAddress } from "./address-class.ts";
import { callHttp, type HttpCall } from "./http-call.ts";
import { InvocationError } from "./invoker.ts";
import { createNetworkGuard, type ResolveHost } from "./network-guard.ts";
import { answerJson, startLoopbackServer } from "./testing/loopback-server.ts";

const guard = createNetworkGuard();
/** Sees 127.0.0.2 as the outside, so that a test can come from there to the inside. */
const outsideGuard = createNetworkGuard({
  classify: (address) => (address === "127.0.0.2" ? "public" : classifyAddress(address)),
});
afterAll(() => Promise.all([guard.close(), outsideGuard.close()]));

function makeCall(url: string, fields: Partial<HttpCall> = {}): HttpCall {
  return {
    label: "service test",
    method: "GET",
    url,
    headers: {},
    timeoutMs: 10_000,
    signal: new AbortController().signal,
    network: { allowPrivate: true },
    ...fields,
  };
}

async function failureOf(answer: Promise<unknown>): Promise<InvocationError> {
  const error: unknown = await answer.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof InvocationError) return error;
  throw new Error(`expected an InvocationError, got ${String(error)}`);
}

describe("addresses", () => {
  test.each([
    "http://127.0.0.1:1/",
    "http://2130706433:1/",
    "http://0177.0.0.1:1/",
    "http://0x7f.1:1/",
    "http://127.1:1/",
    "http://0.0.0.0:1/",
    "http://[::1]:1/",
    "http://[::ffff:127.0.0.1]:1/",
    "http://[64:ff9b::10.0.0.1]:1/",
    "http://192.168.0.1:1/",
    "http://100.64.0.1:1/",
    "http://localhost:1/",
  ])("%s is refused where private addresses are not allowed", async (url) => {
    const failure = await failureOf(
      callHttp(guard, makeCall(url, { network: { allowPrivate: false } })),
    );
    expect(failure).toMatchObject({
      code: "forbidden",
      possiblySent: false,
      isServiceFault: false,
    });
    expect(failure.details).toMatchObject({ reason: "refused_address", address_class: "private" });
  });

  test.each([
    "http://169.254.169.254/latest",
    "http://[::ffff:169.254.169.254]/",
    "http://2852039166/",
    "http://100.100.100.200/",
    "http://[fd00:ec2::254]/",
  ])("%s is refused even where private addresses are allowed", async (url) => {
    const failure = await failureOf(callHttp(guard, makeCall(url)));
    expect(failure).toMatchObject({ code: "forbidden", possiblySent: false });
    expect(failure.details).toMatchObject({ address_class: "metadata" });
  });

  test("a name that resolves to a metadata address is refused", async () => {
    const rigged = createNetworkGuard({
      resolveHost: async () => [{ address: "169.254.169.254", family: 4 }],
    });
    const failure = await failureOf(
      callHttp(rigged, makeCall("http://metadata.google.internal/computeMetadata")),
    );
    expect(failure.details).toMatchObject({ address_class: "metadata" });
    await rigged.close();
  });

  test("a name that changes its address after the check is connected to at the checked one", async () => {
    await using outside = await startLoopbackServer(
      (_, response) => answerJson(response, "outside"),
      "127.0.0.2",
    );
    await using inside = await startLoopbackServer((_, response) => answerJson(response, "inside"));
    let lookups = 0;
    const resolveHost: ResolveHost = async () => {
      lookups += 1;
      return [{ address: lookups === 1 ? "127.0.0.2" : "127.0.0.1", family: 4 }];
    };
    const rebinding = createNetworkGuard({
      resolveHost,
      classify: (address) => (address === "127.0.0.2" ? "public" : classifyAddress(address)),
    });
    const network = { allowPrivate: false };
    const answer = await callHttp(
      rebinding,
      makeCall(`http://rebind.test:${outside.port}/`, { network }),
    );
    expect(Buffer.from(answer.body).toString()).toBe('"outside"');
    expect(lookups).toBe(1);
    const second = await failureOf(
      callHttp(rebinding, makeCall(`http://rebind.test:${inside.port}/`, { network })),
    );
    expect(second.details).toMatchObject({ reason: "refused_address" });
    expect(inside.seen).toEqual([]);
    await rebinding.close();
  });

  test("a public address is refused to a call that must stay inside, and a private one only where the environment says", async () => {
    const rigged = createNetworkGuard({
      classify: (address) => (address === "127.0.0.2" ? "public" : "private"),
    });
    await using inside = await startLoopbackServer((_, response) => answerJson(response, "inside"));
    const reach = (host: string, allowPrivate: boolean) =>
      callHttp(
        rigged,
        makeCall(`http://${host}:${inside.port}/`, {
          network: { allowPrivate, allowPublic: false },
        }),
      );
    const outside = await failureOf(reach("127.0.0.2", true));
    expect(outside).toMatchObject({ code: "forbidden", possiblySent: false });
    expect(outside.details).toMatchObject({ address_class: "public" });
    expect(outside.hint).toContain("internal_only");
    expect((await reach("127.0.0.1", true)).status).toBe(200);
    const closed = await failureOf(reach("127.0.0.1", false));
    expect(closed.details).toMatchObject({ address_class: "private" });
    await rigged.close();
  });

  test("of a name with inner and outer addresses only the outer ones are connected to", async () => {
    await using outside = await startLoopbackServer(
      (_, response) => answerJson(response, "outside"),
      "127.0.0.2",
    );
    const mixed = createNetworkGuard({
      resolveHost: async () =>
        ["127.0.0.1", "127.0.0.2"].map((address) => ({ address, family: 4 })),
      classify: (address) => (address === "127.0.0.2" ? "public" : classifyAddress(address)),
    });
    const url = `http://mixed.test:${outside.port}/`;
    const answer = await callHttp(mixed, makeCall(url, { network: { allowPrivate: false } }));
    expect(answer.status).toBe(200);
    await mixed.close();
  });

  test.each([
    ["ftp://127.0.0.1/", /only http and https/],
    ["file:///etc/passwd", /only http and https/],
    ["http://user:secret@127.0.0.1/", /carries credentials/],
    ["not a url", /no valid URL/],
  ])("%s is refused", async (url, message) => {
    const failure = await failureOf(callHttp(guard, makeCall(url)));
    expect(failure).toMatchObject({ code: "invalid_request", possiblySent: false });
    expect(failure.message).toMatch(message);
    expect(failure.message).not.toContain("secret");
  });
});

describe("redirects", () => {
  test("to a private address are refused at the hop", async () => {
    await using inside = await startLoopbackServer((_, response) => answerJson(response, "inside"));
    await using outside = await startLoopbackServer((_, response) => {
      response.writeHead(302, { location: `${inside.url}/admin` }).end();
    }, "127.0.0.2");
    const failure = await failureOf(
      callHttp(outsideGuard, makeCall(outside.url, { network: { allowPrivate: false } })),
    );
    expect(failure.message).toBe(
      "The service test redirects to a private or reserved address, which this environment does not allow.",
    );
    expect(failure).toMatchObject({ code: "forbidden", possiblySent: true, isServiceFault: true });
    expect(inside.seen).toEqual([]);
  });

  test("that lead in circles end after five", async () => {
    await using server = await startLoopbackServer((_, response) => {
      response.writeHead(302, { location: "/again" }).end();
    });
    const failure = await failureOf(callHttp(guard, makeCall(server.url)));
    expect(failure.details).toMatchObject({ reason: "redirects" });
    expect(server.seen).toHaveLength(6);
  });

  test("to another scheme are refused", async () => {
    await using server = await startLoopbackServer((_, response) => {
      response.writeHead(302, { location: "file:///etc/passwd" }).end();
    });
    const failure = await failureOf(callHttp(guard, makeCall(server.url)));
    expect(failure).toMatchObject({ code: "upstream_failure", isServiceFault: true });
  });

  test("to another origin lose every header that could be a credential", async () => {
    await using target = await startLoopbackServer((_, response) => answerJson(response, {}));
    await using server = await startLoopbackServer((_, response) => {
      response.writeHead(307, { location: `${target.url}/there` }).end();
    });
    const headers = {
      Authorization: "Bearer t",
      Cookie: "c",
      "X-Api-Key": "k",
      Accept: "application/json",
    };
    await callHttp(guard, makeCall(server.url, { headers, method: "POST", body: "{}" }));
    expect(server.seen[0]?.headers).toMatchObject({ authorization: "Bearer t", "x-api-key": "k" });
    const [seen] = target.seen;
    expect(seen).toMatchObject({ method: "POST", path: "/there", body: "{}" });
    expect(seen?.headers["accept"]).toBe("application/json");
    for (const name of ["authorization", "cookie", "x-api-key"])
      expect(seen?.headers).not.toHaveProperty(name);
  });

  test("within the origin keep the headers", async () => {
    await using server = await startLoopbackServer((request, response) => {
      if (request.path === "/") response.writeHead(301, { location: "/moved" }).end();
      else answerJson(response, {});
    });
    const answer = await callHttp(
      guard,
      makeCall(server.url, { headers: { authorization: "Bearer t" } }),
    );
    expect(server.seen[1]?.headers["authorization"]).toBe("Bearer t");
    expect(answer.url).toBe(`${server.url}/moved`);
  });

  test.each([301, 302, 303])("with %i turn a POST into a GET without body", async (status) => {
    await using server = await startLoopbackServer((request, response) => {
      if (request.path === "/") response.writeHead(status, { location: "/result" }).end();
      else answerJson(response, {});
    });
    await callHttp(
      guard,
      makeCall(server.url, {
        method: "POST",
        body: "{}",
        headers: { "content-type": "text/plain" },
      }),
    );
    expect(server.seen[1]).toMatchObject({ method: "GET", body: "" });
    expect(server.seen[1]?.headers).not.toHaveProperty("content-type");
  });
});

describe("sizes", () => {
  test("a request beyond its cap never leaves", async () => {
    await using server = await startLoopbackServer((_, response) => answerJson(response, {}));
    const failure = await failureOf(
      callHttp(guard, makeCall(server.url, { method: "POST", body: "12345", maxRequestBytes: 4 })),
    );
    expect(failure).toMatchObject({
      code: "payload_too_large",
      possiblySent: false,
      isServiceFault: false,
    });
    expect(server.seen).toEqual([]);
  });

  test("an answer that declares too much is not read", async () => {
    await using server = await startLoopbackServer((_, response) => {
      response.writeHead(200, { "content-length": "1000000" }).write("x");
    });
    const failure = await failureOf(
      callHttp(guard, makeCall(server.url, { maxResponseBytes: 1_000 })),
    );
    expect(failure.details).toMatchObject({ reason: "too_large" });
  });

  test("an endless answer is cut off at the cap", async () => {
    await using server = await startLoopbackServer((_, response) => {
      const chunk = Buffer.alloc(16_384);
      const pump = () => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on("drain", pump);
      pump();
    });
    const failure = await failureOf(
      callHttp(guard, makeCall(server.url, { maxResponseBytes: 100_000 })),
    );
    expect(failure.details).toMatchObject({ reason: "too_large" });
  });

  test("a small answer that unpacks to a huge one is cut off at the cap", async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    expect(bomb.length).toBeLessThan(100_000);
    await using server = await startLoopbackServer((_, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end(bomb);
    });
    const failure = await failureOf(
      callHttp(guard, makeCall(server.url, { maxResponseBytes: 100_000 })),
    );
    expect(failure.details).toMatchObject({ reason: "too_large" });
  });

  test.each([
    ["gzip", gzipSync("hello")],
    ["br", brotliCompressSync("hello")],
    ["identity", Buffer.from("hello")],
  ])("a %s answer arrives unpacked", async (encoding, body) => {
    await using server = await startLoopbackServer((_, response) => {
      response.writeHead(200, { "content-encoding": encoding }).end(body);
    });
    const answer = await callHttp(guard, makeCall(server.url));
    expect(Buffer.from(answer.body).toString()).toBe("hello");
  });

  test("an encoding that nobody asked for is the service's fault", async () => {
    await using server = await startLoopbackServer((_, response) => {
      response.writeHead(200, { "content-encoding": "compress" }).end("x");
    });
    const failure = await failureOf(callHttp(guard, makeCall(server.url)));
    expect(failure).toMatchObject({
      code: "upstream_failure",
      isServiceFault: true,
      details: { reason: "encoding" },
    });
  });
});

describe("broken services", () => {
  test("a service that hangs ends at the timeout, and may have acted", async () => {
    await using server = await startLoopbackServer(() => {});
    const failure = await failureOf(callHttp(guard, makeCall(server.url, { timeoutMs: 60 })));
    expect(failure).toMatchObject({
      code: "upstream_timeout",
      possiblySent: true,
      isServiceFault: true,
    });
    expect(server.seen).toHaveLength(1);
  });

  test("a service that drips forever ends at the timeout", async () => {
    await using server = await startLoopbackServer((_, response) => {
      const timer = setInterval(() => response.write("x"), 5);
      response.on("close", () => clearInterval(timer));
    });
    const failure = await failureOf(callHttp(guard, makeCall(server.url, { timeoutMs: 80 })));
    expect(failure.code).toBe("upstream_timeout");
  });

  test("a service that resets in the middle of its answer may have acted", async () => {
    await using server = await startLoopbackServer((_, response, raw) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("half", () => raw.socket.resetAndDestroy());
    });
    const failure = await failureOf(callHttp(guard, makeCall(server.url)));
    expect(failure).toMatchObject({
      code: "upstream_failure",
      possiblySent: true,
      isServiceFault: true,
    });
    expect(failure.message).toContain("broke off before its answer was complete");
  });

  test("a compressed answer that ends early is no answer", async () => {
    await using server = await startLoopbackServer((_, response) => {
      response
        .writeHead(200, { "content-encoding": "gzip" })
        .end(gzipSync("hello".repeat(100)).subarray(0, 20));
    });
    expect(await failureOf(callHttp(guard, makeCall(server.url)))).toMatchObject({
      possiblySent: true,
    });
  });

  test("a service that is not there was sent nothing", async () => {
    const server = await startLoopbackServer(() => {});
    await server[Symbol.asyncDispose]();
    const failure = await failureOf(callHttp(guard, makeCall(server.url)));
    expect(failure).toMatchObject({
      code: "upstream_failure",
      possiblySent: false,
      isServiceFault: true,
    });
    expect(failure.details).toMatchObject({ reason: "connection", cause_code: "ECONNREFUSED" });
  });

  test("a name that no resolver knows was sent nothing", async () => {
    const lost = createNetworkGuard({
      resolveHost: () =>
        Promise.reject(Object.assign(new Error("no such host"), { code: "ENOTFOUND" })),
    });
    const failure = await failureOf(callHttp(lost, makeCall("http://nowhere.test/")));
    expect(failure).toMatchObject({ possiblySent: false, details: { cause_code: "ENOTFOUND" } });
    await lost.close();
  });

  test("a server that does not speak HTTP is a broken service", async () => {
    const server = createServer((socket: Socket) => socket.end("220 mail.test ESMTP\r\n")).listen(
      0,
      "127.0.0.1",
    );
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const failure = await failureOf(callHttp(guard, makeCall(`http://127.0.0.1:${port}/`)));
    expect(failure).toMatchObject({ code: "upstream_failure", isServiceFault: true });
    server.close();
  });

  test("an abort ends the call at once with the caller's own reason", async () => {
    await using server = await startLoopbackServer(() => abort.abort());
    const abort = new AbortController();
    const failure = await failureOf(
      callHttp(guard, makeCall(server.url, { signal: abort.signal })),
    );
    expect(failure).toMatchObject({
      possiblySent: true,
      isServiceFault: false,
      details: { reason: "canceled" },
    });
  });

  test("a call that was aborted before it began sends nothing", async () => {
    await using server = await startLoopbackServer(() => {});
    const failure = await failureOf(
      callHttp(guard, makeCall(server.url, { signal: AbortSignal.abort() })),
    );
    expect(failure.possiblySent).toBe(false);
    expect(server.seen).toEqual([]);
  });

  test("a header that no message can carry is a mistake in a file, and its value stays hidden", async () => {
    await using server = await startLoopbackServer((_, response) => answerJson(response, {}));
    const failure = await failureOf(
      callHttp(guard, makeCall(server.url, { headers: { authorization: "top\nsecret" } })),
    );
    expect(failure).toMatchObject({
      code: "invalid_configuration",
      isServiceFault: false,
      possiblySent: false,
    });
    expect(JSON.stringify(failure.toRecord())).not.toContain("secret");
  });

  test("framing headers of a binding are not sent", async () => {
    await using server = await startLoopbackServer((_, response) => answerJson(response, {}));
    await callHttp(
      guard,
      makeCall(server.url, {
        headers: { Host: "evil.test", "Content-Length": "999", Connection: "close" },
      }),
    );
    expect(server.seen[0]?.headers["host"]).toBe(`127.0.0.1:${server.port}`);
  });
});
