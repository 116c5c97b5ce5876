import { afterAll, expect, test } from "vitest";
import { createNetworkGuard } from "./network-guard.ts";
import { createOpenRpcInvoker } from "./openrpc.ts";
import { answerJson, startLoopbackServer } from "./testing/loopback-server.ts";
import { makeInvocation, makeTiming } from "./testing/make-invocation.ts";

const guard = createNetworkGuard();
afterAll(() => guard.close());
const invoker = createOpenRpcInvoker({ guard, env: {}, timing: makeTiming() });

function makeCall(url: string) {
  return makeInvocation({
    binding: { protocol: "openrpc", operation: "math.add" },
    service: { kind: "openrpc", base_url: `${url}/rpc` },
    payload: { a: 1, b: 2 },
  });
}

test("a call is one JSON-RPC request to the base URL, its answer the result", async () => {
  await using server = await startLoopbackServer((request, response) => {
    answerJson(response, { jsonrpc: "2.0", id: JSON.parse(request.body).id, result: { sum: 3 } });
  });
  expect(await invoker.invoke(makeCall(server.url))).toEqual({ response: { sum: 3 } });
  expect(server.seen[0]?.path).toBe("/rpc");
  expect(JSON.parse(server.seen[0]?.body ?? "")).toEqual({
    jsonrpc: "2.0",
    id: 1,
    method: "math.add",
    params: { a: 1, b: 2 },
  });
});

test.each([
  [-32_601, false, false],
  [-32_602, false, false],
  [-32_603, true, true],
  [-32_050, true, true],
  [17, true, false],
])(
  "the error %i: may have acted %s, service at fault %s",
  async (code, possiblySent, isServiceFault) => {
    await using server = await startLoopbackServer((_, response) => {
      answerJson(response, { jsonrpc: "2.0", id: 1, error: { code, message: "no luck" } });
    });
    await expect(invoker.invoke(makeCall(server.url))).rejects.toMatchObject({
      code: "upstream_failure",
      possiblySent,
      isServiceFault,
      details: { rpc_code: code, rpc_message: "no luck" },
    });
  },
);

test.each([
  [{ jsonrpc: "2.0", id: 2, result: {} }],
  [{ jsonrpc: "1.0", id: 1, result: {} }],
  [{ id: 1, result: {} }],
  [{ jsonrpc: "2.0", id: 1 }],
  [[]],
  ["text"],
])("%j is no answer", async (body) => {
  await using server = await startLoopbackServer((_, response) => answerJson(response, body));
  await expect(invoker.invoke(makeCall(server.url))).rejects.toMatchObject({
    code: "upstream_failure",
    details: { reason: "not_json_rpc" },
    isServiceFault: true,
  });
});
