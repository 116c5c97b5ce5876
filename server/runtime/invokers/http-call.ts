import type { Dispatcher } from "undici";
import { request } from "undici";
import type { NetworkRules } from "./invoker.ts";
import { InvocationError } from "./invoker.ts";
import { toHttpCallError } from "./http-call-error.ts";
import { followRedirect, type HttpHop, isRedirect, MAX_REDIRECTS } from "./http-redirect.ts";
import { type NetworkGuard, parseCallableUrl } from "./network-guard.ts";
import { noteRequestStart } from "./note-request-start.ts";
import { ACCEPTED_ENCODINGS, BodyTooLargeError, readHttpBody } from "./read-http-body.ts";
import { startTimer } from "./timing.ts";

/** Bytes that a request or an answer may have where nothing else is said (`contract.md` §9). */
export const DEFAULT_MAX_BYTES = 10 * 1024 * 1024;

/** One HTTP request, redirects included. Header names in any case; those that frame the message are ours to set. */
export type HttpCall = {
  /** How messages name the other side, such as "service billing"; the address itself may hold a secret. */
  label: string;
  method: string;
  url: string;
  headers: Readonly<Record<string, string>>;
  body?: string | Uint8Array;
  maxRequestBytes?: number;
  maxResponseBytes?: number;
  /** Five where it does not say. */
  maxRedirects?: number;
  timeoutMs: number;
  signal: AbortSignal;
  network: NetworkRules;
};

/** An answer of any status, decompressed. Header names are lower-case; `url` is where the last redirect led. */
export type HttpAnswer = {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array;
  url: string;
};

/**
 * Makes one guarded call. Throws `InvocationError` for everything but an answer: refused addresses, timeouts,
 * broken connections, sizes beyond the caps, too many redirects, abort. `details.reason` says which.
 */
export async function callHttp(guard: NetworkGuard, call: HttpCall): Promise<HttpAnswer> {
  const timeout = new AbortController();
  const stopTimer = startTimer(call.timeoutMs, () => timeout.abort());
  const progress: HttpProgress = { possiblySent: false, redirects: 0 };
  try {
    const signal = AbortSignal.any([call.signal, timeout.signal]);
    signal.throwIfAborted();
    return await followToAnswer(guard.dispatcherFor(call.network), call, signal, progress);
  } catch (error) {
    throw toHttpCallError(error, call, { ...progress, timedOut: timeout.signal.aborted });
  } finally {
    stopTimer();
  }
}

/** How far a call came. */
export type HttpProgress = { possiblySent: boolean; redirects: number };

async function followToAnswer(
  agent: Dispatcher,
  call: HttpCall,
  signal: AbortSignal,
  progress: HttpProgress,
): Promise<HttpAnswer> {
  const dispatcher = noteRequestStart(agent, () => {
    progress.possiblySent = true;
  });
  let hop = toFirstHop(call);
  for (;;) {
    const response = await request(hop.url, {
      dispatcher,
      signal,
      method: hop.method,
      headers: hop.headers,
      body: hop.body,
    });
    const headers = flattenHeaders(response.headers);
    const location = headers["location"];
    if (!isRedirect(response.statusCode, location)) {
      const body = await readAnswerBody(
        response,
        headers,
        hop.method,
        call.maxResponseBytes ?? DEFAULT_MAX_BYTES,
      );
      return { status: response.statusCode, headers, body, url: hop.url.href };
    }
    response.body.on("error", () => {}).destroy();
    progress.redirects += 1;
    if (progress.redirects > (call.maxRedirects ?? MAX_REDIRECTS)) throw tooManyRedirects(call);
    hop = followRedirect(hop, response.statusCode, location);
  }
}

const FRAMING_HEADERS = new Set([
  "accept-encoding",
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

function toFirstHop(call: HttpCall): HttpHop {
  const body = call.body === undefined ? null : Buffer.from(call.body);
  const max = call.maxRequestBytes ?? DEFAULT_MAX_BYTES;
  if (body !== null && body.length > max) {
    throw new InvocationError(
      "payload_too_large",
      `The request to ${call.label} has ${body.length} bytes, ${max} are allowed.`,
      {
        details: { bytes: body.length, max_bytes: max },
        possiblySent: false,
        isServiceFault: false,
      },
    );
  }
  const headers: Record<string, string> = {
    "user-agent": "orca",
    "accept-encoding": ACCEPTED_ENCODINGS,
  };
  for (const [name, value] of Object.entries(call.headers)) {
    const lowerCase = name.toLowerCase();
    if (!FRAMING_HEADERS.has(lowerCase)) headers[lowerCase] = value;
  }
  return { url: parseCallableUrl(call.url, call.label), method: call.method, headers, body };
}

async function readAnswerBody(
  response: Dispatcher.ResponseData,
  headers: Record<string, string>,
  method: string,
  maxBytes: number,
): Promise<Uint8Array> {
  const hasNoBody = method === "HEAD" || response.statusCode === 204 || response.statusCode === 304;
  if (!hasNoBody && Number(headers["content-length"] ?? 0) > maxBytes) {
    response.body.on("error", () => {}).destroy();
    throw new BodyTooLargeError(`more than ${maxBytes} bytes`);
  }
  return readHttpBody(
    response.body,
    hasNoBody ? "" : (headers["content-encoding"] ?? ""),
    maxBytes,
  );
}

function flattenHeaders(headers: Dispatcher.ResponseData["headers"]): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return flat;
}

function tooManyRedirects(call: HttpCall): InvocationError {
  return new InvocationError(
    "upstream_failure",
    call.maxRedirects === 0
      ? `The ${call.label} redirected, which is not followed.`
      : `The ${call.label} redirected more than ${MAX_REDIRECTS} times.`,
    {
      details: { reason: "redirects" },
      possiblySent: true,
      isServiceFault: true,
    },
  );
}
