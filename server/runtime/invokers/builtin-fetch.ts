import type { BuiltinContext } from "../builtins/builtin.ts";
import { callHttp } from "./http-call.ts";
import { type Invocation, InvocationError } from "./invoker.ts";
import type { NetworkGuard } from "./network-guard.ts";

/** How long one request of a native function may take; its own timeout may end it earlier. */
const REQUEST_TIMEOUT_MS = 30_000;

/**
 * The `fetch` of a native function: guarded by the rules of the invocation's environment, traced, no retries. To a
 * function an address is data: one that cannot be had, and one that the rules keep it from, is `upstream_failure`
 * with its host in the message, and says nothing about the health of the function's own module.
 */
export function createBuiltinFetch(
  guard: NetworkGuard,
  invocation: Invocation,
  getSignal: () => AbortSignal,
): BuiltinContext["fetch"] {
  return async (url, init = {}) => {
    try {
      return await callHttp(guard, {
        label: `address ${URL.parse(url)?.host ?? ""}`,
        method: init.method ?? "GET",
        url,
        headers: { ...init.headers, traceparent: invocation.traceparent },
        ...(init.body === undefined ? {} : { body: init.body }),
        timeoutMs: Math.min(invocation.timeoutMs, REQUEST_TIMEOUT_MS),
        signal: getSignal(),
        network: invocation.network,
      });
    } catch (error) {
      throw error instanceof InvocationError ? asUnreachable(error) : error;
    }
  };
}

function asUnreachable(error: InvocationError): InvocationError {
  const { code, message, hint, details, possiblySent } = error;
  return new InvocationError(code === "forbidden" ? "upstream_failure" : code, message, {
    ...(hint === undefined ? {} : { hint }),
    ...(details === undefined ? {} : { details }),
    possiblySent,
    isServiceFault: false,
    cause: error,
  });
}
