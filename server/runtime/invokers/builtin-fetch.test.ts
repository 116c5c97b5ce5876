import { afterAll, expect, test } from "vitest";
import { createBuiltinFetch } from "./builtin-fetch.ts";
import type { Invocation } from "./invoker.ts";
import { createNetworkGuard } from "./network-guard.ts";
import { startLoopbackServer } from "./testing/loopback-server.ts";
import { makeInvocation } from "./testing/make-invocation.ts";

const guard = createNetworkGuard();
afterAll(() => guard.close());

const never = new AbortController().signal;
const fetchFor = (invocation: Invocation) => createBuiltinFetch(guard, invocation, () => never);

test("an address that the environment refuses is an upstream failure that never left, with its host and a hint", async () => {
  const fetch = fetchFor(makeInvocation({ network: { allowPrivate: false } }));
  await expect(fetch("http://127.0.0.1:1/page")).rejects.toMatchObject({
    code: "upstream_failure",
    message: expect.stringContaining("address 127.0.0.1:1 is at a private or reserved address"),
    hint: expect.stringContaining("environment"),
    details: { reason: "refused_address" },
    possiblySent: false,
  });
});

test("a page that redirects to a metadata address is an upstream failure, also where private addresses are allowed", async () => {
  await using server = await startLoopbackServer((_request, response) =>
    response.writeHead(302, { location: "http://169.254.169.254/latest/meta-data" }).end(),
  );
  await expect(fetchFor(makeInvocation())(server.url)).rejects.toMatchObject({
    code: "upstream_failure",
    message: expect.stringContaining("redirects to a metadata address"),
    hint: expect.any(String),
  });
});

test("a host that is down says nothing about the health of the function's module", async () => {
  await expect(fetchFor(makeInvocation())("http://127.0.0.1:9/")).rejects.toMatchObject({
    code: "upstream_failure",
    message: expect.stringContaining("127.0.0.1:9 could not be reached"),
    isServiceFault: false,
  });
});
