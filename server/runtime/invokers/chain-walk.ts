import { isActing } from "../../../core/capability.ts";
import type { ErrorRecord } from "../../../core/errors.ts";
import type { JsonObject } from "../../../core/json.ts";
import type { BindingAttempt } from "../capability-caller.ts";
import { noBindingCalled, notTriedAgain, restingService } from "./capability-failure.ts";
import type {
  CapabilityCall,
  CapabilityOutcome,
  CapabilityTools,
  ChainLink,
} from "./invoke-capability.ts";
import type { Invocation } from "./invoker.ts";

/** Where one call stands in its chain of bindings, and what it went through so far. */
export type Walk = {
  readonly call: CapabilityCall;
  readonly tools: CapabilityTools;
  readonly startedAt: number;
  readonly isActing: boolean;
  next: number;
  readonly attempts: BindingAttempt[];
  error: ErrorRecord | null;
  possiblySent: boolean;
  lastSentTo: ChainLink | null;
  restsUntil: number | null;
};

/** The walk of a call that has tried nothing yet. */
export function startWalk(call: CapabilityCall, tools: CapabilityTools): Walk {
  return {
    call,
    tools,
    startedAt: tools.now(),
    isActing: isActing(call.effectClass),
    next: 0,
    attempts: [],
    error: null,
    possiblySent: false,
    lastSentTo: null,
    restsUntil: null,
  };
}

/** Whether a link is to be called; where not, the attempt says why. A link that may be called has its breaker's leave. */
export function mayTry(walk: Walk, link: ChainLink): boolean {
  const { attempts, call, tools } = walk;
  const base = { binding_id: link.binding.id, service_id: link.service.id, duration_ms: 0 };
  if (!link.choice.eligible) {
    const message = `Skipped: the binding ${link.choice.skipReason ?? "is not eligible"}.`;
    const code = link.choice.skipCode ?? "conformance_unmet";
    attempts.push({ ...base, status: "skipped", error: { code, message } });
    return false;
  }
  if (walk.isActing && walk.possiblySent && !isSameProvider(walk.lastSentTo, link)) {
    attempts.push({
      ...base,
      status: "skipped",
      error: notTriedAgain(walk.lastSentTo?.binding.id ?? ""),
    });
    return false;
  }
  const admission = tools.breakers.admit(call.tenantId, link.service.id);
  if (admission.admitted) return true;
  walk.restsUntil = Math.min(walk.restsUntil ?? admission.retryAt, admission.retryAt);
  attempts.push({
    ...base,
    status: "circuit_open",
    error: restingService(link.service.id, admission.retryAt),
  });
  return false;
}

/** A request with the same key is the same call only to the provider that saw the first one. */
function isSameProvider(earlier: ChainLink | null, link: ChainLink): boolean {
  return (
    earlier !== null &&
    earlier.service.id === link.service.id &&
    earlier.binding.metadata.provider_idempotency === true &&
    link.binding.metadata.provider_idempotency === true
  );
}

/** The invocation of one link with the time that is left. */
export function toInvocation(
  walk: Walk,
  { binding, service, network }: ChainLink,
  payload: JsonObject,
): Invocation {
  const { call, tools } = walk;
  const left = call.timeoutMs === null ? Infinity : call.timeoutMs - (tools.now() - walk.startedAt);
  return {
    binding,
    service,
    payload,
    tenantId: call.tenantId,
    environment: call.environment,
    runId: call.runId,
    stepPath: call.stepPath,
    ...(call.idempotencyKey === null ? null : { idempotencyKey: call.idempotencyKey }),
    traceparent: call.traceparent,
    network: network ?? call.network,
    mayResend: !walk.isActing || binding.metadata.provider_idempotency === true,
    timeoutMs: Math.max(left, 0),
    signal: call.signal,
  };
}

/** What `binding.attempted` tells of a link that was called. */
export function attemptOf(
  walk: Walk,
  { binding, service }: ChainLink,
  startedAt: number,
  status: "success" | "failed",
): BindingAttempt {
  const durationMs = Math.max(0, Math.round(walk.tools.now() - startedAt));
  return { binding_id: binding.id, service_id: service.id, status, duration_ms: durationMs };
}

/** The outcome of a walk that found no answer: the last failure, or why nothing could be tried. */
export function failedOutcome(walk: Walk): CapabilityOutcome {
  return {
    ok: false,
    error: walk.error ?? noBindingCalled(walk.call.capabilityId, walk.restsUntil),
    possiblySent: walk.possiblySent,
    attempts: walk.attempts,
    bindingId: null,
    serviceId: null,
  };
}
