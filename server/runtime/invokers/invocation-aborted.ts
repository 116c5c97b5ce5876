import { DomainError } from "../../../core/errors.ts";
import { InvocationError } from "./invoker.ts";

/** What a call throws when its caller's signal ended it: the signal's own DomainError where it carries one. */
export function invocationAborted(signal: AbortSignal, possiblySent: boolean): InvocationError {
  const reason: unknown = signal.reason;
  if (reason instanceof DomainError) {
    return new InvocationError(reason.code, reason.message, {
      ...(reason.hint === undefined ? {} : { hint: reason.hint }),
      ...(reason.details === undefined ? {} : { details: reason.details }),
      possiblySent,
      isServiceFault: false,
      cause: reason,
    });
  }
  return new InvocationError("runtime_error", "The call was canceled before it ended.", {
    details: { reason: "canceled" },
    possiblySent,
    isServiceFault: false,
    cause: reason,
  });
}
