import type { JsonObject } from "../../../core/json.ts";
import { invocationAborted } from "./invocation-aborted.ts";
import { type Invocation, InvocationError } from "./invoker.ts";
import type { LazySignal } from "./lazy-signal.ts";
import { formatSeconds, startTimer } from "./timing.ts";
import { declaredTimeoutMs } from "./transport-settings.ts";

/**
 * The function's answer, or the timeout or abort that came first. A function cannot be stopped from outside: its
 * signal is aborted, its promise abandoned, and the message says that it may still be running.
 */
export function raceBuiltin(
  answer: Promise<JsonObject>,
  invocation: Invocation,
  ending: LazySignal,
): Promise<JsonObject> {
  const { signal } = invocation;
  const timeoutMs = declaredTimeoutMs(invocation);
  return new Promise((resolve, reject) => {
    const end = (error: InvocationError) => {
      ending.abort(error);
      settle();
      reject(error);
    };
    const onAbort = () => end(invocationAborted(signal, true));
    const stopTimer = startTimer(timeoutMs, () => end(abandoned(invocation, timeoutMs)));
    const settle = () => {
      stopTimer();
      signal.removeEventListener("abort", onAbort);
    };
    answer.then(resolve, reject).finally(settle);
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
  });
}

function abandoned({ binding, service }: Invocation, timeoutMs: number): InvocationError {
  const name = `${service.module ?? service.id}.${binding.operation}`;
  return new InvocationError(
    "upstream_timeout",
    `The function ${name} did not end within ${formatSeconds(timeoutMs)}. It was abandoned and may still be running.`,
    {
      details: { reason: "timeout", timeout_ms: timeoutMs },
      possiblySent: true,
      isServiceFault: true,
    },
  );
}
