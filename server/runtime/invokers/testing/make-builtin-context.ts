import type { CreateBuiltinContext } from "../builtin.ts";

/** A context for functions that use nothing but their input and the signal. */
export const createTestContext: CreateBuiltinContext = (invocation, getSignal) => ({
  tenantId: invocation.tenantId,
  environment: invocation.environment,
  runId: invocation.runId,
  stepPath: invocation.stepPath,
  ...(invocation.idempotencyKey === undefined ? {} : { idempotencyKey: invocation.idempotencyKey }),
  get signal() {
    return getSignal();
  },
  now: () => new Date(0),
  randomId: () => "random",
  sandboxDir: "",
  fetch: () => Promise.reject(new Error("no network in this test")),
  records: {
    put: () => Promise.resolve(),
    get: () => Promise.resolve(null),
    list: () => Promise.resolve([]),
    delete: () => Promise.resolve(false),
  },
  sandbox: null,
  searchUrl: null,
});
