import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PROTOCOLS, type Protocol } from "../../../core/binding.ts";
import { DomainError } from "../../../core/errors.ts";
import type { Builtin } from "../builtins/builtin.ts";
import { createInvokers } from "./create-invokers.ts";
import { type Invocation, InvocationError } from "./invoker.ts";
import { createNetworkGuard } from "./network-guard.ts";
import { answerJson, type LoopbackServer, startLoopbackServer } from "./testing/loopback-server.ts";
import { createTestContext } from "./testing/make-builtin-context.ts";
import { makeInvocation } from "./testing/make-invocation.ts";

/** How often each operation was reached, by any protocol. */
const reached = new Map<string, number>();
let onReached: () => void = () => {};

function reach(operation: string): void {
  reached.set(operation, (reached.get(operation) ?? 0) + 1);
  onReached();
}

const functions: Record<string, Builtin> = {
  echo: (input) => {
    reach("echo");
    return { echoed: input["text"] ?? null };
  },
  hang: () => {
    reach("hang");
    return new Promise(() => {});
  },
};

const tools = Object.fromEntries(
  Object.entries(functions).map(([name, call]) => [name, { description: name, call }]),
);

let server: LoopbackServer;
const made = createInvokers({
  guard: createNetworkGuard(),
  env: {},
  modules: { native: functions },
  servers: { native: tools },
  createContext: createTestContext,
  allowStdio: false,
});

beforeAll(async () => {
  server = await startLoopbackServer((request, response) => {
    const body = JSON.parse(request.body);
    const operation: string = body.method ?? request.path.slice(1);
    reach(operation);
    if (operation === "hang") return;
    const result = { echoed: (body.params ?? body).text };
    answerJson(
      response,
      body.method === undefined ? result : { jsonrpc: "2.0", id: body.id, result },
    );
  });
});
afterAll(async () => {
  await made.close();
  await server[Symbol.asyncDispose]();
});

function makeCall(
  protocol: Protocol,
  operation: string,
  fields: Partial<Invocation> = {},
): Invocation {
  const place = {
    builtin: { base_url: undefined, module: "native" },
    openapi: { base_url: server.url },
    openrpc: { base_url: server.url },
    mcp: { base_url: undefined, server: "native" },
  }[protocol];
  const { binding: _, service: __, ...rest } = fields;
  return makeInvocation({
    ...rest,
    binding: { protocol, operation },
    service: { kind: protocol, ...place },
  });
}

async function failureOf(invocation: Invocation): Promise<InvocationError> {
  try {
    await made.invokers[invocation.binding.protocol].invoke(invocation);
  } catch (error) {
    if (error instanceof InvocationError) return error;
    throw error;
  }
  throw new Error("expected a failure");
}

describe.each(PROTOCOLS)("the %s invoker", (protocol) => {
  test("hands the payload over and the answer back", async () => {
    const answer = await made.invokers[protocol].invoke(
      makeCall(protocol, "echo", { payload: { text: "hi" } }),
    );
    expect(answer).toEqual({ response: { echoed: "hi" } });
  });

  test("ends a call that does not answer at the timeout, once sent and in doubt", async () => {
    reached.clear();
    const failure = await failureOf(
      makeCall(protocol, "hang", { timeoutMs: 150, mayResend: false }),
    );
    expect(failure).toMatchObject({
      code: "upstream_timeout",
      possiblySent: true,
      isServiceFault: true,
    });
    expect(reached.get("hang")).toBe(1);
  });

  test("leaves a call that its caller aborts at once, with the caller's reason", async () => {
    const abort = new AbortController();
    onReached = () => abort.abort(new DomainError("step_timeout", "The step took too long."));
    const failure = await failureOf(makeCall(protocol, "hang", { signal: abort.signal }));
    onReached = () => {};
    expect(failure).toMatchObject({
      code: "step_timeout",
      possiblySent: true,
      isServiceFault: false,
    });
  });
});
