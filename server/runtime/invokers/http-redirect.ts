import { DomainError } from "../../../core/errors.ts";
import { parseCallableUrl } from "./network-guard.ts";

/** One request on the way to an answer. */
export type HttpHop = {
  url: URL;
  method: string;
  headers: Record<string, string>;
  body: Uint8Array | null;
};

/** Redirects followed before a service is taken to send its callers in circles. */
export const MAX_REDIRECTS = 5;

const REDIRECT_STATUSES = new Set([301, 302, 303, 307, 308]);

/** What may go to another origin than the one the headers were written for; the rest could be a credential of any name. */
const HEADERS_FOR_ANY_ORIGIN = new Set([
  "accept",
  "accept-encoding",
  "content-type",
  "idempotency-key",
  "traceparent",
  "user-agent",
]);

/** True where the answer asks to go elsewhere. */
export function isRedirect(status: number, location: string | undefined): location is string {
  return location !== undefined && REDIRECT_STATUSES.has(status);
}

/**
 * The request that a redirect asks for, by the Fetch standard's rules: 303, and 301/302 after POST, turn into GET;
 * another origin gets no headers that could be credentials. A request with a body never goes from https to http.
 */
export function followRedirect(hop: HttpHop, status: number, location: string): HttpHop {
  const target = URL.parse(location, hop.url);
  const url = parseCallableUrl(target?.href ?? "", "the redirect");
  const becomesGet =
    (status === 303 && hop.method !== "HEAD") ||
    ((status === 301 || status === 302) && hop.method === "POST");
  const body = becomesGet ? null : hop.body;
  if (body !== null && hop.url.protocol === "https:" && url.protocol === "http:") {
    throw new DomainError(
      "invalid_request",
      "The redirect leads a request with a body from https to http.",
    );
  }
  const isSameOrigin = url.origin === hop.url.origin;
  const headers = Object.entries(hop.headers).filter(
    ([name]) =>
      (isSameOrigin || HEADERS_FOR_ANY_ORIGIN.has(name)) &&
      !(body === null && name === "content-type"),
  );
  return {
    url,
    method: becomesGet ? "GET" : hop.method,
    headers: Object.fromEntries(headers),
    body,
  };
}
