import { DomainError, type ErrorRecord, toErrorRecord } from "../../../core/errors.ts";
import { InvocationError } from "./invoker.ts";

/** Where an attempt went wrong: making the request, the call itself, or reading its answer. */
export type FailedStage = "request" | "call" | "response";

export type Judgement = { error: ErrorRecord; possiblySent: boolean; isServiceFault: boolean };

/** What a thrown value means for the ledger (may something have happened?) and the breaker (is the service to blame?). */
export function judgeFailure(thrown: unknown, stage: FailedStage): Judgement {
  const error = toErrorRecord(thrown);
  switch (stage) {
    case "request":
      return { error, possiblySent: false, isServiceFault: false };
    case "response":
      return { error, possiblySent: true, isServiceFault: false };
    case "call":
      if (thrown instanceof InvocationError) {
        const { possiblySent, isServiceFault } = thrown;
        return { error, possiblySent, isServiceFault };
      }
      // A mistake in a file is found before anything is sent; of anything else nobody knows.
      return { error, possiblySent: !(thrown instanceof DomainError), isServiceFault: false };
  }
}

/** Why a later binding of an acting call is passed over. */
export function notTriedAgain(bindingId: string): ErrorRecord {
  return {
    code: "effect_in_doubt",
    message: `Not tried: the request through ${bindingId} may have been acted on, and a second one could act twice.`,
  };
}

/** Why a service is not called for now. */
export function restingService(serviceId: string, retryAt: number): ErrorRecord {
  return {
    code: "unavailable",
    message: `Service ${serviceId} failed repeatedly and is not called for a while.`,
    details: { service_id: serviceId, retry_at: new Date(retryAt).toISOString() },
  };
}

/** The error of a call for which no binding could even be tried. */
export function noBindingCalled(capabilityId: string, restsUntil: number | null): ErrorRecord {
  if (restsUntil === null) {
    return {
      code: "invalid_configuration",
      message: `No binding of ${capabilityId} could be tried.`,
      hint: "Activate a binding of the capability in this environment.",
    };
  }
  return {
    code: "unavailable",
    message: `Every service behind ${capabilityId} failed repeatedly and is not called for a while.`,
    hint: "The call can be made again after details.retry_at.",
    details: { capability_id: capabilityId, retry_at: new Date(restsUntil).toISOString() },
  };
}
