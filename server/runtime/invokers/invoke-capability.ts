import type { Binding, Protocol, Service } from "../../../core/binding.ts";
import type { BindingChoice } from "../../../core/binding-selection.ts";
import type { EffectClass } from "../../../core/capability.ts";
import type { JsonObject } from "../../../core/json.ts";
import type { CallOutcome } from "../capability-caller.ts";
import type { CompiledContract } from "../contract-validation.ts";
import type { Breakers } from "./breakers.ts";
import { compileBinding } from "./compiled-binding.ts";
import { judgeFailure, type FailedStage } from "./capability-failure.ts";
import {
  attemptOf,
  failedOutcome,
  mayTry,
  startWalk,
  toInvocation,
  type Walk,
} from "./chain-walk.ts";
import type { InvocationResult, Invoker, NetworkRules } from "./invoker.ts";
import { receiptOf } from "./receipt-of.ts";

/** A place of a chain with what its ids name. */
export type ChainLink = {
  choice: BindingChoice;
  binding: Binding;
  service: Service;
  /** Rules narrower than the environment's. */
  network?: NetworkRules;
};

/** A call of a capability whose input has passed its contract and whose chain of bindings is chosen. */
export type CapabilityCall = {
  capabilityId: string;
  contract: CompiledContract;
  effectClass: EffectClass;
  chain: readonly ChainLink[];
  input: JsonObject;
  tenantId: string;
  environment: string;
  runId: string;
  stepPath: string;
  traceId: string;
  traceparent: string;
  /** The ledger key of an acting call. */
  idempotencyKey: string | null;
  network: NetworkRules;
  /** Bounds the whole chain; null leaves it to the signal. */
  timeoutMs: number | null;
  signal: AbortSignal;
};

export type CapabilityTools = {
  invokers: Readonly<Record<Protocol, Invoker>>;
  breakers: Breakers;
  /** Milliseconds of any steady clock. */
  now: () => number;
};

/** The outcome of a call and the binding that answered it; null where none did. */
export type CapabilityOutcome = CallOutcome & {
  bindingId: string | null;
  serviceId: string | null;
};

/**
 * Tries the bindings of a chain in order until one answers with an output that fits the contract. Never throws or
 * rejects; answers without a promise where the binding does.
 *
 * After a `write` or `external_action` request that may have been acted on, only a binding of the same service
 * is tried, and only where both honour the idempotency key; a mapping or contract error of such a call ends it.
 * Mapping and contract errors are not the service's failures.
 */
export function invokeCapability(
  call: CapabilityCall,
  tools: CapabilityTools,
): CapabilityOutcome | Promise<CapabilityOutcome> {
  return walkChain(startWalk(call, tools));
}

function walkChain(walk: Walk): CapabilityOutcome | Promise<CapabilityOutcome> {
  for (;;) {
    const link = walk.call.chain[walk.next];
    if (link === undefined) return failedOutcome(walk);
    walk.next += 1;
    if (!mayTry(walk, link)) continue;
    const tried = tryLink(walk, link);
    if (tried instanceof Promise) return tried.then((outcome) => outcome ?? walkChain(walk));
    if (tried !== null) return tried;
  }
}

/** Null where the walk goes on to the next link. */
function tryLink(
  walk: Walk,
  link: ChainLink,
): CapabilityOutcome | null | Promise<CapabilityOutcome | null> {
  const startedAt = walk.tools.now();
  let stage: FailedStage = "request";
  try {
    const payload = compileBinding(link.binding).request.render(walk.call.input);
    stage = "call";
    const invoker = walk.tools.invokers[link.binding.protocol];
    const result = invoker.invoke(toInvocation(walk, link, payload));
    if (!(result instanceof Promise)) return settle(walk, link, startedAt, result);
    return result.then(
      (answer) => settle(walk, link, startedAt, answer),
      (error: unknown) => fail(walk, link, startedAt, error, "call"),
    );
  } catch (error) {
    return fail(walk, link, startedAt, error, stage);
  }
}

function settle(
  walk: Walk,
  link: ChainLink,
  startedAt: number,
  result: InvocationResult,
): CapabilityOutcome | null {
  const { call, tools } = walk;
  let output: JsonObject;
  try {
    const mapped = compileBinding(link.binding).response.apply(result.response);
    output = call.contract.completeOutput(mapped, {
      traceId: call.traceId,
      bindingId: link.binding.id,
    });
  } catch (error) {
    return fail(walk, link, startedAt, error, "response");
  }
  tools.breakers.report(call.tenantId, link.service.id, "succeeded");
  walk.attempts.push(attemptOf(walk, link, startedAt, "success"));
  return {
    ok: true,
    output,
    receipt: result.receipt ?? (walk.isActing ? receiptOf(result.response) : null),
    attempts: walk.attempts,
    bindingId: link.binding.id,
    serviceId: link.service.id,
  };
}

function fail(
  walk: Walk,
  link: ChainLink,
  startedAt: number,
  thrown: unknown,
  stage: FailedStage,
): CapabilityOutcome | null {
  const { call, tools } = walk;
  const { error, possiblySent, isServiceFault } = judgeFailure(thrown, stage);
  tools.breakers.report(
    call.tenantId,
    link.service.id,
    isServiceFault ? "failed" : "ended_without_verdict",
  );
  walk.attempts.push({ ...attemptOf(walk, link, startedAt, "failed"), error });
  walk.error = error;
  if (possiblySent) {
    walk.possiblySent = true;
    walk.lastSentTo = link;
  }
  const endsHere = call.signal.aborted || (walk.isActing && stage !== "call");
  return endsHere ? failedOutcome(walk) : null;
}
