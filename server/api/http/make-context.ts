import type { IncomingMessage, ServerResponse } from "node:http";
import { DomainError } from "../../../core/errors.ts";
import { authenticate, type AuthenticationDependencies } from "../../auth/authenticate.ts";
import type { RateLimiter } from "../../auth/rate-limiter.ts";
import type { ApiContext } from "../api-context.ts";
import type { ApiDependencies } from "../api-dependencies.ts";
import type { TraceContext } from "./trace-context.ts";

const MAX_KEY_CHARACTERS = 200;

/** What a call knows about itself: who asks, its trace, and when the client went away. Refuses callers that hurry. */
export async function makeContext(
  request: IncomingMessage,
  response: ServerResponse,
  trace: TraceContext,
  options: {
    api: ApiDependencies;
    authentication: AuthenticationDependencies;
    limiter: RateLimiter;
    stopping: AbortSignal;
  },
): Promise<ApiContext> {
  const { api, authentication, limiter, stopping } = options;
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const caller = await authenticate(request, authentication);
  const wait = caller === null ? 0 : limiter.take(`${caller.tenantId}/${caller.actor}`, api.now());
  if (wait > 0) {
    response.setHeader("retry-after", String(wait));
    throw new DomainError("rate_limited", "Too many calls at once.", {
      hint: `Try again in ${wait} s.`,
    });
  }
  return {
    dependencies: api,
    caller,
    traceId: trace.traceId,
    traceparent: trace.traceparent,
    idempotencyKey: idempotencyKeyOf(request),
    signal: AbortSignal.any([gone.signal, stopping]),
    answer: { headers: new Headers(), status: null, file: null },
  };
}

function idempotencyKeyOf(request: IncomingMessage): string | null {
  const key = request.headers["idempotency-key"];
  if (key === undefined) return null;
  if (typeof key === "string" && key.length >= 1 && key.length <= MAX_KEY_CHARACTERS) return key;
  throw new DomainError(
    "invalid_request",
    `Idempotency-Key must have 1 to ${MAX_KEY_CHARACTERS} characters.`,
    {
      hint: "Use a random word, such as a UUID, that stays the same when you send the call again.",
    },
  );
}
