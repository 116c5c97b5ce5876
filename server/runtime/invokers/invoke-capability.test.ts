import { afterAll, describe, expect, test } from "vitest";
import { BindingSchema, ServiceSchema } from "../../../core/binding.ts";
import { type Capability, CapabilitySchema, type EffectClass } from "../../../core/capability.ts";
import type { Builtin } from "../builtins/builtin.ts";
import { compileContract } from "../contract-validation.ts";
import { createBreakers } from "./breakers.ts";
import { createBuiltinInvoker } from "./builtin.ts";
import {
  type CapabilityCall,
  type CapabilityTools,
  type ChainLink,
  invokeCapability,
} from "./invoke-capability.ts";
import { InvocationError, type Invoker } from "./invoker.ts";
import { createNetworkGuard } from "./network-guard.ts";
import { createOpenApiInvoker } from "./openapi.ts";
import { createOpenRpcInvoker } from "./openrpc.ts";
import { answerJson, startLoopbackServer } from "./testing/loopback-server.ts";
import { createTestContext } from "./testing/make-builtin-context.ts";
import { makeTiming } from "./testing/make-invocation.ts";

const guard = createNetworkGuard();
afterAll(() => guard.close());

const functions: Record<string, Builtin> = {
  echo: (input) => ({ summary: JSON.stringify(input["text"]), id: "receipt-1" }),
  later: async () => ({ summary: "later" }),
  numbers: () => ({ summary: 5 }),
  refuse: () => {
    throw new InvocationError("upstream_failure", "down", {
      possiblySent: false,
      isServiceFault: true,
    });
  },
  maybe: () => {
    throw new InvocationError("upstream_timeout", "no answer", {
      possiblySent: true,
      isServiceFault: true,
    });
  },
};

const noMcp: Invoker = {
  protocol: "mcp",
  invoke: () => Promise.reject(new Error("no MCP in this test")),
};

function makeTools(): CapabilityTools & { clock: { now: number } } {
  const clock = { now: 0 };
  const http = { guard, env: {}, timing: makeTiming() };
  return {
    clock,
    breakers: createBreakers(() => clock.now),
    now: () => clock.now,
    invokers: {
      builtin: createBuiltinInvoker({ native: functions }, createTestContext),
      openapi: createOpenApiInvoker(http),
      openrpc: createOpenRpcInvoker(http),
      mcp: noMcp,
    },
  };
}

function makeCapability(): Capability {
  return CapabilitySchema.parse({
    id: "text.content.summarize",
    version: "1.0.0",
    description: "x",
    inputs: { text: { type: "string", required: true } },
    outputs: {
      summary: { type: "string", required: true },
      status: { type: "string", required: true },
    },
  });
}

type LinkFields = {
  service?: string;
  base_url?: string;
  request?: object;
  response?: object;
  metadata?: object;
  skipReason?: string;
};

/** A link whose id is the function that it calls, or an openapi one where a base URL is given. */
function makeLink(operation: string, fields: LinkFields = {}): ChainLink {
  const { base_url, skipReason } = fields;
  const id = fields.service ?? `${operation}_service`;
  return {
    choice: {
      bindingId: operation,
      source: "fallback",
      reason: "test",
      eligible: skipReason === undefined,
      ...(skipReason === undefined ? {} : { skipReason }),
    },
    binding: BindingSchema.parse({
      id: operation,
      capability: "text.content.summarize",
      service: id,
      protocol: base_url === undefined ? "builtin" : "openapi",
      operation,
      request: fields.request ?? { text: "input.text" },
      response: fields.response ?? { summary: "response.summary" },
      metadata: fields.metadata ?? {},
    }),
    service: ServiceSchema.parse(
      base_url === undefined
        ? { id, kind: "builtin", module: "native" }
        : { id, kind: "openapi", base_url },
    ),
  };
}

function makeCall(chain: ChainLink[], effectClass: EffectClass = "none"): CapabilityCall {
  return {
    capabilityId: "text.content.summarize",
    contract: compileContract(makeCapability()),
    effectClass,
    chain,
    input: { text: "hello" },
    tenantId: "tnt_1",
    environment: "dev",
    runId: "run_1",
    stepPath: "step",
    traceId: "trace",
    traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    idempotencyKey: effectClass === "write" ? "key-1" : null,
    network: { allowPrivate: true },
    timeoutMs: null,
    signal: new AbortController().signal,
  };
}

async function run(chain: ChainLink[], effectClass: EffectClass = "none", tools = makeTools()) {
  const outcome = await invokeCapability(makeCall(chain, effectClass), tools);
  const steps = outcome.attempts.map((attempt) => `${attempt.binding_id} ${attempt.status}`);
  return { outcome, steps };
}

describe("one binding", () => {
  test("that answers synchronously is answered without a promise, mapped and completed", () => {
    const outcome = invokeCapability(makeCall([makeLink("echo")]), makeTools());
    expect(outcome).toEqual({
      ok: true,
      output: { summary: '"hello"', status: "ok" },
      receipt: null,
      bindingId: "echo",
      serviceId: "echo_service",
      attempts: [
        { binding_id: "echo", service_id: "echo_service", status: "success", duration_ms: 0 },
      ],
    });
  });

  test("that acts has its receipt kept", async () => {
    const { outcome } = await run([makeLink("echo")], "write");
    expect(outcome).toMatchObject({ ok: true, receipt: "receipt-1" });
  });

  test("whose answer breaks the contract is a failure of the call, not of the service", async () => {
    const tools = makeTools();
    for (let i = 0; i < 6; i += 1) {
      const { outcome } = await run([makeLink("numbers")], "none", tools);
      expect(outcome).toMatchObject({ ok: false, error: { code: "upstream_failure" } });
      expect(outcome.ok ? null : outcome.error.details).toEqual({
        problems: [{ path: "summary", problem: "is number, expected string" }],
      });
    }
    expect(tools.breakers.list()).toEqual([]);
  });

  test("whose response mapping finds nothing is a failure with the path", async () => {
    const { outcome } = await run([
      makeLink("echo", { response: { summary: "response.deep.text" } }),
    ]);
    expect(outcome.ok ? "" : outcome.error.message).toContain("deep");
  });

  test("an empty chain says that there is nothing to try", async () => {
    const { outcome } = await run([]);
    expect(outcome).toMatchObject({
      ok: false,
      error: { code: "invalid_configuration" },
      possiblySent: false,
    });
  });
});

describe("the chain", () => {
  test("goes on after a failure and tells of every attempt", async () => {
    const { outcome, steps } = await run([
      makeLink("refuse"),
      makeLink("maybe"),
      makeLink("later"),
    ]);
    expect(outcome).toMatchObject({ ok: true, bindingId: "later", output: { summary: "later" } });
    expect(steps).toEqual(["refuse failed", "maybe failed", "later success"]);
    expect(outcome.attempts[0]?.error).toEqual({ code: "upstream_failure", message: "down" });
  });

  test("passes over what does not conform", async () => {
    const { steps, outcome } = await run([
      makeLink("echo", { skipReason: 'conforms to "experimental"' }),
      makeLink("later"),
    ]);
    expect(steps).toEqual(["echo skipped", "later success"]);
    expect(outcome.attempts[0]?.error?.message).toBe(
      'Skipped: the binding conforms to "experimental".',
    );
  });

  test("ends with the last failure where nothing works", async () => {
    const { outcome } = await run([makeLink("maybe"), makeLink("refuse")]);
    expect(outcome).toMatchObject({ ok: false, error: { message: "down" }, possiblySent: true });
  });

  test("goes on after an answer that breaks the contract, where nothing acts", async () => {
    const { steps } = await run([makeLink("numbers"), makeLink("echo")]);
    expect(steps).toEqual(["numbers failed", "echo success"]);
  });

  test("ends where the caller aborted", async () => {
    const abort = new AbortController();
    functions["aborting"] = () => {
      abort.abort();
      throw new Error("stopped");
    };
    const call = { ...makeCall([makeLink("aborting"), makeLink("echo")]), signal: abort.signal };
    const outcome = await invokeCapability(call, makeTools());
    expect(outcome.attempts.map((attempt) => attempt.binding_id)).toEqual(["aborting"]);
  });

  test("shares one time limit", async () => {
    const tools = makeTools();
    functions["slow"] = () => {
      tools.clock.now += 40;
      throw new InvocationError("upstream_failure", "down", {
        possiblySent: false,
        isServiceFault: true,
      });
    };
    functions["hang"] = () => new Promise(() => {});
    const call = { ...makeCall([makeLink("slow"), makeLink("hang")]), timeoutMs: 50 };
    const outcome = await invokeCapability(call, tools);
    expect(outcome.ok ? null : outcome.error.details).toEqual({
      reason: "timeout",
      timeout_ms: 10,
    });
  });
});

describe("acting calls", () => {
  test("fall back while nothing was sent", async () => {
    const { steps } = await run([makeLink("refuse"), makeLink("echo")], "write");
    expect(steps).toEqual(["refuse failed", "echo success"]);
  });

  test("never fall back once the request may have been acted on", async () => {
    const { steps, outcome } = await run([makeLink("maybe"), makeLink("echo")], "external_action");
    expect(steps).toEqual(["maybe failed", "echo skipped"]);
    expect(outcome).toMatchObject({
      ok: false,
      possiblySent: true,
      error: { code: "upstream_timeout" },
    });
    expect(outcome.attempts[1]?.error?.code).toBe("effect_in_doubt");
  });

  test("fall back to another service not even where both honour a key: it is not the same memory", async () => {
    const metadata = { provider_idempotency: true };
    const { steps } = await run(
      [makeLink("maybe", { metadata }), makeLink("echo", { metadata })],
      "write",
    );
    expect(steps).toEqual(["maybe failed", "echo skipped"]);
  });

  test("fall back within a service that honours the key", async () => {
    const fields = { metadata: { provider_idempotency: true }, service: "payments" };
    const { steps } = await run([makeLink("maybe", fields), makeLink("echo", fields)], "write");
    expect(steps).toEqual(["maybe failed", "echo success"]);
  });

  test("end at an answer that cannot be read: the action happened", async () => {
    const { steps, outcome } = await run([makeLink("numbers"), makeLink("echo")], "write");
    expect(steps).toEqual(["numbers failed"]);
    expect(outcome).toMatchObject({ ok: false, possiblySent: true });
  });

  test("reach an HTTP service once, whatever it answers, and with the ledger's key", async () => {
    await using server = await startLoopbackServer((_, response) => response.writeHead(503).end());
    const { steps } = await run(
      [makeLink("http", { base_url: server.url }), makeLink("echo")],
      "write",
    );
    expect(server.seen).toHaveLength(1);
    expect(server.seen[0]?.headers["idempotency-key"]).toBe("key-1");
    expect(steps).toEqual(["http failed", "echo skipped"]);
  });

  test("are sent again with the same key to a service that honours it", async () => {
    await using server = await startLoopbackServer((_, response) => {
      if (server.seen.length < 3) response.writeHead(503).end();
      else answerJson(response, { summary: "done" });
    });
    const metadata = { provider_idempotency: true };
    const { outcome } = await run([makeLink("http", { base_url: server.url, metadata })], "write");
    expect(outcome.ok).toBe(true);
    expect(server.seen.map((request) => request.headers["idempotency-key"])).toEqual([
      "key-1",
      "key-1",
      "key-1",
    ]);
  });
});

describe("breakers", () => {
  test("keep calls from a service that failed five times, until it rested", async () => {
    const tools = makeTools();
    for (let i = 0; i < 5; i += 1) await run([makeLink("refuse")], "none", tools);
    const { outcome, steps } = await run([makeLink("refuse"), makeLink("echo")], "none", tools);
    expect(steps).toEqual(["refuse circuit_open", "echo success"]);
    expect(outcome.ok).toBe(true);
    tools.clock.now = 30_000;
    expect((await run([makeLink("refuse")], "none", tools)).steps).toEqual(["refuse failed"]);
  });

  test("that stop every binding make the capability unavailable, with the time to come back", async () => {
    const tools = makeTools();
    for (let i = 0; i < 5; i += 1) await run([makeLink("refuse")], "none", tools);
    const { outcome } = await run([makeLink("refuse")], "none", tools);
    expect(outcome.ok ? null : outcome.error).toMatchObject({
      code: "unavailable",
      details: { retry_at: "1970-01-01T00:00:30.000Z" },
    });
  });

  test("do not count requests that the service rightly refused", async () => {
    await using server = await startLoopbackServer((_, response) => response.writeHead(400).end());
    const tools = makeTools();
    for (let i = 0; i < 6; i += 1)
      await run([makeLink("http", { base_url: server.url })], "none", tools);
    expect(server.seen).toHaveLength(6);
  });
});
