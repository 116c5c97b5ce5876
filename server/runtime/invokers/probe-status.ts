import { setTimeout as sleep } from "node:timers/promises";
import { compileRequestTemplate, compileResponseMapping } from "../../../core/binding-mapping.ts";
import type { Binding } from "../../../core/binding.ts";
import { toErrorRecord } from "../../../core/errors.ts";
import type { Json, JsonObject } from "../../../core/json.ts";
import { fillProbeRequest, readProbeStatus, type StatusProbe } from "../../../core/status-probe.ts";
import type { ProbeAnswer } from "../capability-caller.ts";
import type { CapabilityCall, CapabilityTools, ChainLink } from "./invoke-capability.ts";
import { InvocationError, type Invocation } from "./invoker.ts";
import { receiptOf } from "./receipt-of.ts";

/** Waits between one question and the next; a call may still be on its way when it is first asked about. */
const PAUSES_MS = [250, 1_000];

const DEFAULT_TIMEOUT_SECONDS = 10;

/** What to ask about: the call as it was sent. */
export type ProbedCall = Omit<CapabilityCall, "effectClass" | "chain" | "timeoutMs">;

/**
 * Asks a provider what became of a call, up to three times while it does not know or does not answer, each within the
 * probe's timeout. Never throws or rejects: what cannot be found out is unknown, with the reason in words.
 */
export async function probeStatus(
  call: ProbedCall,
  link: ChainLink,
  probe: StatusProbe,
  tools: CapabilityTools,
): Promise<ProbeAnswer> {
  for (let attempt = 0; ; attempt += 1) {
    const answer = await ask(call, link, probe, tools);
    const pause = PAUSES_MS[attempt];
    if (answer.kind !== "unknown" || pause === undefined || call.signal.aborted) return answer;
    await sleep(pause, undefined, { signal: call.signal }).catch(() => {});
  }
}

async function ask(
  call: ProbedCall,
  link: ChainLink,
  probe: StatusProbe,
  tools: CapabilityTools,
): Promise<ProbeAnswer> {
  const timeoutMs = (probe.timeout_seconds ?? DEFAULT_TIMEOUT_SECONDS) * 1000;
  const signal = AbortSignal.any([call.signal, AbortSignal.timeout(timeoutMs)]);
  const ended = Promise.withResolvers<never>();
  const giveUp = () =>
    ended.reject(new Error(`it did not answer within ${timeoutMs / 1000} s, or was stopped`));
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    const invoker = tools.invokers[link.binding.protocol];
    const invocation = toInvocation(call, link, probe, { timeoutMs, signal });
    const { response } = await Promise.race([invoker.invoke(invocation), ended.promise]);
    return readAnswer(call, link.binding, probe, response);
  } catch (error) {
    if (isNotFound(error)) {
      return probe.not_found === "not_happened"
        ? { kind: "not_happened" }
        : { kind: "unknown", reason: "the provider knows nothing of the call" };
    }
    return { kind: "unknown", reason: toErrorRecord(error).message };
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}

function toInvocation(
  call: ProbedCall,
  { binding, service, network }: ChainLink,
  probe: StatusProbe,
  time: { timeoutMs: number; signal: AbortSignal },
): Invocation {
  const request = fillProbeRequest(probe.request, call.idempotencyKey ?? "");
  const { timeout_seconds: _ofCall, response_mode: _form, ...metadata } = binding.metadata;
  return {
    binding: {
      ...binding,
      operation: probe.operation,
      metadata: { ...metadata, method: probe.method ?? "GET" },
    },
    service,
    payload: compileRequestTemplate(request).render(call.input),
    tenantId: call.tenantId,
    environment: call.environment,
    runId: call.runId,
    stepPath: call.stepPath,
    traceparent: call.traceparent,
    network: network ?? call.network,
    mayResend: false,
    ...time,
  };
}

function readAnswer(
  call: ProbedCall,
  binding: Binding,
  probe: StatusProbe,
  response: Json,
): ProbeAnswer {
  const status = readProbeStatus(probe, response);
  if (status.kind !== "happened") return status;
  const mapping = compileResponseMapping(probe.response ?? binding.response);
  let output: JsonObject;
  try {
    output = call.contract.completeOutput(mapping.apply(response), {
      traceId: call.traceId,
      bindingId: binding.id,
    });
  } catch (error) {
    const { message } = toErrorRecord(error);
    return { kind: "unknown", reason: `it happened, but its result cannot be read: ${message}` };
  }
  return { kind: "happened", output, receipt: receiptOf(response) };
}

function isNotFound(error: unknown): boolean {
  return error instanceof InvocationError && error.details?.["status"] === 404;
}
