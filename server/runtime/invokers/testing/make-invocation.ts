import { BindingSchema, ServiceSchema } from "../../../../core/binding.ts";
import type { Invocation } from "../invoker.ts";
import type { Timing } from "../timing.ts";

type Overrides = Partial<Omit<Invocation, "binding" | "service">> & {
  binding?: Record<string, unknown>;
  service?: Record<string, unknown>;
};

/** A valid invocation of an `openapi` binding; a test names only what it is about. */
export function makeInvocation({
  binding = {},
  service = {},
  ...fields
}: Overrides = {}): Invocation {
  return {
    binding: BindingSchema.parse({
      id: "test_binding",
      capability: "text.content.test",
      service: "test_service",
      protocol: "openapi",
      operation: "act",
      ...binding,
    }),
    service: ServiceSchema.parse({
      id: "test_service",
      kind: "openapi",
      base_url: "http://service.test",
      ...service,
    }),
    payload: {},
    tenantId: "tnt_1",
    environment: "dev",
    runId: "run_1",
    stepPath: "step",
    traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    network: { allowPrivate: true },
    mayResend: true,
    timeoutMs: 20_000,
    signal: new AbortController().signal,
    ...fields,
  };
}

/** A clock that only waiting moves; it keeps what it was asked to wait. */
export function makeTiming(): Timing & { waits: number[] } {
  let now = Date.parse("2026-03-01T12:00:00Z");
  const waits: number[] = [];
  return {
    waits,
    now: () => now,
    random: () => 0.5,
    async wait(ms, signal) {
      signal.throwIfAborted();
      waits.push(ms);
      now += ms;
    },
  };
}
