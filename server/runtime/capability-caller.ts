import type { AskedTerms, RuntimeQuestion } from "../../core/approval-policy.ts";
import type { CallQuestion } from "../../core/approval-request.ts";
import type { EffectContract } from "../../core/capability.ts";
import type { DomainError, ErrorRecord } from "../../core/errors.ts";
import type { JsonObject } from "../../core/json.ts";
import type { Gate } from "../../core/policy-gate.ts";
import type { FindCompensation } from "../../core/plan-compensation.ts";
import type { EventPayloads, RunOptions, StepRef } from "../../core/run-events.ts";

/** One binding's part in a call, as `binding.attempted` tells it. */
export type BindingAttempt = Omit<EventPayloads["binding.attempted"], keyof StepRef>;

/** What became of a call. `possiblySent` is true where the provider may have acted although no good answer came. */
export type CallOutcome =
  | { ok: true; output: JsonObject; receipt: string | null; attempts: BindingAttempt[] }
  | { ok: false; error: ErrorRecord; possiblySent: boolean; attempts: BindingAttempt[] };

export type CallContext = {
  runId: string;
  stepPath: string;
  traceId: string;
  traceparent: string;
  idempotencyKey: string | null;
  timeoutMs: number | null;
  signal: AbortSignal;
};

/** The gates of a capability. One that could not be compiled is its error. */
export type CallGates = {
  pre: readonly (Gate | DomainError)[];
  post: readonly (Gate | DomainError)[];
  /** What people are told where a gate leaves the call to them; the reason is the gates'. */
  question: CallQuestion;
};

/** What a provider says became of a call. */
export type ProbeAnswer =
  | { kind: "happened"; output: JsonObject; receipt: string | null }
  | { kind: "not_happened" }
  | { kind: "unknown"; reason: string };

/** A capability call whose contract, bindings and input are settled, ready to go out. */
export type PreparedCall = {
  capabilityId: string;
  effect: EffectContract;
  /** Why people are asked before this very input is sent; null where nobody is. */
  confirmation: CallQuestion | null;
  bindingId: string;
  bindingRevision: number;
  serviceId: string;
  /** Why this binding was chosen, in words. */
  reason: string;
  /** The provider treats a repeated key as the same call. */
  hasProviderIdempotency: boolean;
  /** Asks the provider what became of this call, sent before. Never rejects. Null where the binding cannot ask. */
  probe: ((context: CallContext) => Promise<ProbeAnswer>) | null;
  /** What is to be asked before and after the call; null for nothing. */
  gates: CallGates | null;
  /** Never throws and never rejects. Answers without a promise where the binding does. */
  invoke(context: CallContext): CallOutcome | Promise<CallOutcome>;
};

/** The capabilities and bindings that one run calls: a snapshot that does not change while the run is in memory. */
export type CapabilityCaller = {
  /** Throws DomainError: unknown capability, input that breaks the contract, no eligible binding; PolicyDenied. */
  prepare(uses: string, input: JsonObject, options: RunOptions): PreparedCall;
  /** A result that people enter, complete as a call's own. Throws with `details.problems` where it breaks the contract. */
  completeResult(uses: string, result: JsonObject, options: RunOptions): JsonObject;
  /** Who decides a question about one of its calls, as policy and capability say. */
  askedTerms(uses: string, kind: RuntimeQuestion): AskedTerms;
  /** How a capability's effects are undone, or why they are not. */
  compensationOf: FindCompensation;
};
