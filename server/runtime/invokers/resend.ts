import { invocationAborted } from "./invocation-aborted.ts";
import type { Invocation } from "./invoker.ts";
import { InvocationError } from "./invoker.ts";
import type { Timing } from "./timing.ts";
import type { TransportSettings } from "./transport-settings.ts";

/** A failure that another try may mend, and the wait that the provider asked for, if it did. */
export class TransientError extends Error {
  override readonly name = "TransientError";
  readonly failure: InvocationError;
  readonly retryAfterMs: number | null;

  constructor(failure: InvocationError, retryAfterMs: number | null = null) {
    super(failure.message, { cause: failure });
    this.failure = failure;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Share of a wait that is chance, so that callers who failed together do not come back together. */
const JITTER = 0.2;

/**
 * Sends until it succeeds, fails for good, or the settings or the invocation's time are used up. A request that
 * may have been acted on is sent again only where `mayResend` says so. `send` gets the time that is left.
 */
export async function sendWithRetries<Result>(
  invocation: Invocation,
  settings: TransportSettings,
  timing: Timing,
  send: (timeoutMs: number) => Promise<Result>,
): Promise<Result> {
  const deadline = timing.now() + invocation.timeoutMs;
  let possiblySent = false;
  for (let retry = 0; ; retry += 1) {
    try {
      return await send(Math.min(settings.requestTimeoutMs, deadline - timing.now()));
    } catch (error) {
      if (!(error instanceof TransientError)) throw withHistory(error, possiblySent, retry);
      possiblySent ||= error.failure.possiblySent;
      const isForbidden = possiblySent && !invocation.mayResend;
      const waitMs = error.retryAfterMs ?? backoffMs(settings, retry, timing);
      const isTooLate = timing.now() + waitMs >= deadline;
      if (isForbidden || isTooLate || retry >= settings.retries)
        throw withHistory(error.failure, possiblySent, retry);
      await timing.wait(waitMs, invocation.signal).catch(() => {
        throw invocationAborted(invocation.signal, possiblySent);
      });
    }
  }
}

function backoffMs(settings: TransportSettings, retry: number, timing: Timing): number {
  const spread = 1 - JITTER + 2 * JITTER * timing.random();
  return settings.backoffBaseMs * settings.backoffFactor ** retry * spread;
}

/** The last failure, knowing what the earlier ones left open. */
function withHistory(error: unknown, possiblySent: boolean, retries: number): unknown {
  if (!(error instanceof InvocationError) || retries === 0) return error;
  return new InvocationError(error.code, error.message, {
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    details: { ...error.details, retries },
    possiblySent: possiblySent || error.possiblySent,
    isServiceFault: error.isServiceFault,
    cause: error.cause,
  });
}
