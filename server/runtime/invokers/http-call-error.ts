import { DomainError } from "../../../core/errors.ts";
import type { HttpCall, HttpProgress } from "./http-call.ts";
import { invocationAborted } from "./invocation-aborted.ts";
import { InvocationError } from "./invoker.ts";
import { RefusedAddressError } from "./network-guard.ts";
import { formatSeconds } from "./timing.ts";
import { BodyTooLargeError, UnknownEncodingError } from "./read-http-body.ts";

type Circumstances = HttpProgress & { timedOut: boolean };

/** Turns whatever ended a call into an `InvocationError` that says so in words, without address, headers or foreign text. */
export function toHttpCallError(
  error: unknown,
  call: HttpCall,
  { possiblySent, redirects, timedOut }: Circumstances,
): InvocationError {
  if (error instanceof InvocationError) return error;
  if (call.signal.aborted) return invocationAborted(call.signal, possiblySent);
  const { label } = call;
  const byService = { possiblySent, isServiceFault: true, cause: error };
  if (timedOut) {
    return new InvocationError(
      "upstream_timeout",
      `The ${label} did not answer within ${formatSeconds(call.timeoutMs)}.`,
      {
        hint: "Raise metadata.timeout_seconds of the binding, or look why the answer takes so long.",
        details: { reason: "timeout", timeout_ms: call.timeoutMs },
        ...byService,
      },
    );
  }
  if (error instanceof RefusedAddressError)
    return refusedAddress(error, label, redirects, possiblySent);
  if (error instanceof DomainError) {
    // A first address that cannot be called is a mistake in a file; a redirect to one is the service's.
    return new InvocationError(redirects === 0 ? error.code : "upstream_failure", error.message, {
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      details: { reason: redirects === 0 ? "address" : "redirect" },
      ...byService,
      isServiceFault: redirects > 0,
    });
  }
  if (error instanceof BodyTooLargeError) {
    return new InvocationError("upstream_failure", `The ${label} answered with ${error.message}.`, {
      hint: "Raise metadata.max_response_bytes of the binding, or ask the service for less.",
      details: { reason: "too_large" },
      ...byService,
    });
  }
  if (error instanceof UnknownEncodingError) {
    return new InvocationError(
      "upstream_failure",
      `The ${label} compressed its answer in a way that was not asked for.`,
      {
        details: { reason: "encoding" },
        ...byService,
      },
    );
  }
  return brokenConnection(error, label, possiblySent);
}

const REFUSED_ADDRESSES = {
  metadata: {
    kind: "a metadata address, which this environment",
    hint: "Metadata addresses of the machine or cloud are never called; use another address.",
  },
  private: {
    kind: "a private or reserved address, which this environment",
    hint: "Allow private addresses in the environment's network rules if this service is meant to be inside.",
  },
  public: {
    kind: "a public address, which the capability's safety rules",
    hint: "internal_only and no_external_network keep calls inside; use an address inside.",
  },
};

function refusedAddress(
  error: RefusedAddressError,
  label: string,
  redirects: number,
  possiblySent: boolean,
): InvocationError {
  const { kind, hint } = REFUSED_ADDRESSES[error.addressClass];
  const verb = redirects === 0 ? "is at" : "redirects to";
  return new InvocationError("forbidden", `The ${label} ${verb} ${kind} does not allow.`, {
    hint,
    details: { reason: "refused_address", address_class: error.addressClass, redirects },
    possiblySent,
    isServiceFault: redirects > 0,
    cause: error,
  });
}

/** Codes of what undici refuses to send: a header or method that no HTTP message can have. */
const UNSENDABLE_CODES = new Set([
  "UND_ERR_INVALID_ARG",
  "ERR_INVALID_CHAR",
  "ERR_HTTP_INVALID_HEADER_VALUE",
]);

function brokenConnection(error: unknown, label: string, possiblySent: boolean): InvocationError {
  const code = errorCodeOf(error);
  if (UNSENDABLE_CODES.has(code)) {
    return new InvocationError(
      "invalid_configuration",
      `The request to ${label} has a header or method that cannot be sent.`,
      {
        details: { reason: "unsendable" },
        possiblySent: false,
        isServiceFault: false,
        cause: error,
      },
    );
  }
  const what = possiblySent ? "broke off before its answer was complete" : "could not be reached";
  return new InvocationError("upstream_failure", `The ${label} ${what} (${code}).`, {
    hint: "Check the address, and whether what listens there is up and reachable from this machine.",
    details: { reason: "connection", cause_code: code },
    possiblySent,
    isServiceFault: true,
    cause: error,
  });
}

function errorCodeOf(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string")
    return error.code;
  return "connection error";
}
