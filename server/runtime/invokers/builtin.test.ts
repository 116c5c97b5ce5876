import { expect, test } from "vitest";
import { DomainError } from "../../../core/errors.ts";
import type { JsonObject } from "../../../core/json.ts";
import type { Builtin, BuiltinContext } from "../builtins/builtin.ts";
import { createBuiltinInvoker } from "./builtin.ts";
import type { Invocation } from "./invoker.ts";
import { createTestContext } from "./testing/make-builtin-context.ts";
import { makeInvocation } from "./testing/make-invocation.ts";

function makeCall(fields: Parameters<typeof makeInvocation>[0] = {}): Invocation {
  return makeInvocation({
    ...fields,
    service: { kind: "builtin", base_url: undefined, module: "native.text" },
    binding: { protocol: "pythoncall", operation: "act", ...fields.binding },
  });
}

function invoke(act: Builtin, invocation = makeCall()) {
  return createBuiltinInvoker({ "native.text": { act } }, createTestContext).invoke(invocation);
}

test("a synchronous function answers without a promise", () => {
  const answer = invoke((input) => ({ got: input }), makeCall({ payload: { a: 1 } }));
  expect(answer).toEqual({ response: { got: { a: 1 } } });
});

test("an asynchronous function answers later", async () => {
  expect(await invoke(async () => ({ ok: true }))).toEqual({ response: { ok: true } });
});

test.each([
  [{ operation: "gone" }, /function gone in module native.text/],
  [{ operation: "constructor" }, /function constructor in module native.text/],
])("%j is not found among the functions", (binding, message) => {
  expect(() => invoke(() => ({}), makeCall({ binding }))).toThrowError(
    expect.objectContaining({
      code: "invalid_configuration",
      message: expect.stringMatching(message),
    }),
  );
});

test("a module that this server does not have is named", () => {
  const invoker = createBuiltinInvoker({}, createTestContext);
  expect(() => invoker.invoke(makeCall())).toThrowError(/needs the native module native.text/);
});

test("a function that refuses its input keeps its own words, did nothing, and is not at fault", () => {
  const refuse = () => {
    throw new DomainError("invalid_request", "text is too long", { details: { max: 3 } });
  };
  expect(() => invoke(refuse)).toThrowError(
    expect.objectContaining({
      code: "invalid_request",
      message: "text is too long",
      details: { max: 3 },
      possiblySent: false,
      isServiceFault: false,
    }),
  );
});

test("a function that throws anything else is a runtime error with its message and no stack", async () => {
  const broken = async () => {
    throw new TypeError("x is not a function");
  };
  const failure: unknown = await Promise.resolve(invoke(broken)).catch((error: unknown) => error);
  expect(failure).toMatchObject({
    code: "runtime_error",
    message: "The function native.text.act failed: x is not a function",
    possiblySent: true,
    isServiceFault: false,
  });
  expect(failure instanceof DomainError && JSON.stringify(failure.toRecord())).not.toContain(
    "builtin.test.ts",
  );
});

test.each(["upstream_failure", "upstream_timeout", "unavailable"] as const)(
  "%s of something outside is not the fault of the module, which other runs use for other places",
  (code) => {
    const act = () => {
      throw new DomainError(code, "the page is gone");
    };
    expect(() => invoke(act)).toThrowError(
      expect.objectContaining({ code, isServiceFault: false }),
    );
  },
);

test.each([
  [[1], "a list"],
  [null, "null"],
  ["text", "string"],
])("%j is no answer", (value, kind) => {
  const odd = (): JsonObject => JSON.parse(JSON.stringify(value));
  expect(() => invoke(odd)).toThrowError(
    `The function native.text.act returned ${kind} instead of an object.`,
  );
});

test("a function that does not end in time is abandoned, told by its signal, and said so", async () => {
  let seen: BuiltinContext | null = null;
  const hang: Builtin = (_, context) => {
    seen = context;
    void context.signal;
    return new Promise(() => {});
  };
  const failure: unknown = await Promise.resolve(invoke(hang, makeCall({ timeoutMs: 20 }))).catch(
    (e: unknown) => e,
  );
  expect(failure).toMatchObject({
    code: "upstream_timeout",
    message:
      "The function native.text.act did not end within 0.02 s. It was abandoned and may still be running.",
    possiblySent: true,
  });
  expect((seen as BuiltinContext | null)?.signal.aborted).toBe(true);
});

test("a binding's own timeout cuts the invocation's", async () => {
  const call = makeCall({ timeoutMs: Infinity, binding: { metadata: { timeout_seconds: 0.01 } } });
  await expect(invoke(() => new Promise(() => {}), call)).rejects.toMatchObject({
    code: "upstream_timeout",
  });
});

test("an abort of the caller ends the wait and reaches the function", async () => {
  const abort = new AbortController();
  const heard = Promise.withResolvers<unknown>();
  const listen: Builtin = (_, context) => {
    context.signal.addEventListener("abort", () => heard.resolve(context.signal.reason));
    return new Promise(() => {});
  };
  const answer = Promise.resolve(invoke(listen, makeCall({ signal: abort.signal }))).catch(
    (error: unknown) => error,
  );
  abort.abort(new DomainError("step_timeout", "The step took too long."));
  expect(await answer).toMatchObject({
    code: "step_timeout",
    possiblySent: true,
    isServiceFault: false,
  });
  expect(await heard.promise).toMatchObject({ code: "step_timeout" });
});
