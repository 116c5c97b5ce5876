import { DEFAULT_MAX_BYTES } from "./http-call.ts";
import type { Invocation } from "./invoker.ts";

/** Limits of one binding, the binding's own before the service's before the defaults of `origins/orca.md` §3.3. */
export type TransportSettings = {
  /** Bounds one request. */
  requestTimeoutMs: number;
  retries: number;
  backoffBaseMs: number;
  backoffFactor: number;
  maxRequestBytes: number;
  maxResponseBytes: number;
};

/** The settings that hold for an invocation. */
export function transportSettingsOf({ binding, service }: Invocation): TransportSettings {
  const own = binding.metadata;
  const base = service.metadata;
  return {
    requestTimeoutMs: 1000 * (own.timeout_seconds ?? base.timeout_seconds ?? 30),
    retries: own.retry_count ?? base.retry_count ?? 3,
    backoffBaseMs: 1000 * (own.retry_backoff_base ?? base.retry_backoff_base ?? 1),
    backoffFactor: own.retry_backoff_factor ?? base.retry_backoff_factor ?? 2,
    maxRequestBytes: own.max_request_bytes ?? base.max_request_bytes ?? DEFAULT_MAX_BYTES,
    maxResponseBytes: own.max_response_bytes ?? base.max_response_bytes ?? DEFAULT_MAX_BYTES,
  };
}

/** For protocols where a long call is ordinary: only a timeout that a file asks for cuts the invocation's own. */
export function declaredTimeoutMs({ binding, service, timeoutMs }: Invocation): number {
  const seconds = binding.metadata.timeout_seconds ?? service.metadata.timeout_seconds;
  return seconds === undefined ? timeoutMs : Math.min(timeoutMs, seconds * 1000);
}
