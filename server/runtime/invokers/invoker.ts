import type { Binding, Protocol, Service } from "../../../core/binding.ts";
import { DomainError, type DomainErrorOptions, type ErrorCode } from "../../../core/errors.ts";
import type { Json, JsonObject } from "../../../core/json.ts";

/** Which addresses the environment lets calls reach (`contract.md` §9). Metadata addresses are never reachable. */
export type NetworkRules = {
  allowPrivate: boolean;
  /** False keeps a call that must stay inside from public addresses; absent means true. */
  allowPublic?: boolean;
};

/** One call of one binding: the payload is the mapped request, and the answer is the raw response before mapping. */
export type Invocation = {
  binding: Binding;
  service: Service;
  payload: JsonObject;
  tenantId: string;
  environment: string;
  runId: string;
  stepPath: string;
  /** The ledger key of a `write` or `external_action` call, to be sent to the provider as `Idempotency-Key`. */
  idempotencyKey?: string;
  /** W3C trace context header. */
  traceparent: string;
  network: NetworkRules;
  /** True where the invoker may send a request again by itself: never for an acting call without provider idempotency. */
  mayResend: boolean;
  /** Bounds the whole invocation, repeated requests included; each request also obeys the binding's own timeout. */
  timeoutMs: number;
  signal: AbortSignal;
};

export type InvocationResult = {
  response: Json;
  /** What the provider calls the thing it did (a message id, a charge id), for the ledger. */
  receipt?: string;
};

/**
 * Speaks one protocol. Throws (or rejects with) `InvocationError` for what goes wrong outside and a plain
 * `DomainError` of code `invalid_configuration` for what is wrong with the binding or service file.
 */
export type Invoker = {
  protocol: Protocol;
  /** Answers synchronously where it can: awaiting a value that is there costs a turn of the event loop per step. */
  invoke(invocation: Invocation): InvocationResult | Promise<InvocationResult>;
  /** Closes connections and child processes. */
  close?(): Promise<void>;
};

/**
 * A call that did not succeed. `possiblySent` tells the ledger whether the provider may have acted: false where
 * nothing left this process or the provider refused the request (most 4xx answers), true whenever that is not known.
 * `isServiceFault` tells the breaker whether the service, rather than the request or mapping, is to blame.
 */
export class InvocationError extends DomainError {
  readonly possiblySent: boolean;
  readonly isServiceFault: boolean;

  constructor(
    code: ErrorCode,
    message: string,
    options: DomainErrorOptions & { possiblySent: boolean; isServiceFault: boolean },
  ) {
    super(code, message, options);
    this.possiblySent = options.possiblySent;
    this.isServiceFault = options.isServiceFault;
  }
}
