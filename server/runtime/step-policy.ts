import { DomainError, type ErrorRecord } from "../../core/errors.ts";
import type { JsonObject } from "../../core/json.ts";
import type { Gate, GatePhase, GateValues } from "../../core/policy-gate.ts";
import { PolicyDenied, type PolicyFinding, type PolicyOutcome } from "../../core/policy-denial.ts";
import { isGateOverruled } from "../../core/fold-approval.ts";
import type { Role } from "../../core/permissions.ts";
import type { NewEvent, StepRef } from "../../core/run-events.ts";
import type { PlanStep } from "../../core/run-plan.ts";
import type { CallContext, PreparedCall } from "./capability-caller.ts";
import { DEFAULT_STEP_TIMEOUT_MS } from "./durations.ts";
import { hashJson } from "./effect-facts.ts";
import { askGate, type GateAnswer } from "./gate-call.ts";
import { setLongTimeout } from "./long-timeout.ts";
import { stepPathOf, type RunSession } from "./run-session.ts";
import { timeoutError } from "./step-errors.ts";
import { traceparentOf } from "./trace-context.ts";

/** A call whose gates are to be asked. */
export type GatedCall = {
  step: PlanStep;
  ref: StepRef;
  key: string;
  input: JsonObject;
  call: PreparedCall;
};

/** How the gates of a phase ended; `facts` are what is to be recorded of them. */
export type GatesEnd = { facts: NewEvent[] } & (
  | { kind: "passed" }
  /** The run was stopped, or the call is no longer wanted. */
  | { kind: "aborted" }
  | { kind: "degraded"; reason: string }
  /** Gates leave it to people, who are to be asked. */
  | { kind: "left_to_people"; capabilities: string[]; reason: string }
  | { kind: "denied"; error: ErrorRecord }
);

/** What is to be recorded of a call that policy did not even let be prepared; nothing for other errors. */
export function policyFacts(ref: StepRef, error: DomainError): NewEvent[] {
  return error instanceof PolicyDenied ? [evaluated(ref, error.finding)] : [];
}

/**
 * Asks the gates of one phase one after the other and calls `end` once: at once where none of them needs a promise, else
 * in a turn of the run. The first gate that blocks or degrades ends it. Those that leave it to people are collected, so
 * that people are asked once; who approved the very payload has been asked.
 */
export function passGates(
  session: RunSession,
  gated: GatedCall,
  phase: GatePhase,
  output: JsonObject | null,
  end: (end: GatesEnd) => void,
): void {
  const { call, input, ref, key } = gated;
  const gates = (phase === "pre_gate" ? call.gates?.pre : call.gates?.post) ?? [];
  const values: GateValues = output === null ? { input } : { input, output };
  const facts: NewEvent[] = [];
  const left: string[] = [];
  const isOverruled = ({ capabilityId: gateCapabilityId }: Gate) =>
    isGateOverruled(
      session.history.state,
      ref,
      { phase, gateCapabilityId },
      hashJson(output ?? input),
    );

  function askFrom(index: number): void {
    const gate = gates[index];
    if (gate === undefined) {
      if (left.length === 0) end({ kind: "passed", facts });
      else {
        const reason = whyLeft(call.capabilityId, phase, left);
        end({ kind: "left_to_people", capabilities: left, reason, facts });
      }
      return;
    }
    const take = (answer: GateAnswer) => takeAnswer(index, gate, answer);
    if (gate instanceof DomainError) take({ kind: "failed", error: gate.toRecord() });
    else ask(gate, take);
  }

  function ask(gate: Gate, take: (answer: GateAnswer) => void): void {
    const controller = new AbortController();
    const answer = askGate(session, gate, values, contextOf(session, ref, controller.signal));
    if (!(answer instanceof Promise)) {
      take(answer);
      return;
    }
    const timeoutMs = gated.step.timeoutMs ?? DEFAULT_STEP_TIMEOUT_MS;
    const timeout = timeoutError(gated.step.id, timeoutMs);
    const disarm = setLongTimeout(() => controller.abort(timeout), timeoutMs);
    const entry = session.calls.begin(key, { controller });
    void answer.then((told) => {
      disarm();
      session.turn(() => {
        session.calls.end(key);
        if (entry.isAborted || session.stop !== null) end({ kind: "aborted", facts });
        else take(told);
      });
    });
  }

  function takeAnswer(index: number, gate: Gate | DomainError, answer: GateAnswer): void {
    if (answer.kind === "allowed") {
      askFrom(index + 1);
      return;
    }
    const isLeft =
      answer.kind === "denied" && !(gate instanceof DomainError) && gate.onFail === "require_human";
    if (isLeft && isOverruled(gate)) {
      askFrom(index + 1);
      return;
    }
    const judged = judge(call.capabilityId, phase, gate, answer);
    facts.push(evaluated(ref, judged.finding));
    if (isLeft) left.push(gate.capabilityId);
    if (isLeft || judged.finding.outcome === "warned") askFrom(index + 1);
    else if (judged.finding.outcome === "degraded")
      end({ kind: "degraded", reason: judged.finding.reason, facts });
    else end({ kind: "denied", error: judged.toRecord(), facts });
  }

  askFrom(0);
}

function contextOf(session: RunSession, ref: StepRef, signal: AbortSignal): CallContext {
  const { state } = session.history;
  return {
    runId: state.runId,
    stepPath: stepPathOf(session, ref.step_id),
    traceId: state.traceId,
    traceparent: traceparentOf(state.traceId, state.sequence),
    idempotencyKey: null,
    timeoutMs: null,
    signal,
  };
}

function evaluated(ref: StepRef, finding: PolicyFinding): NewEvent {
  return { type: "policy.evaluated", payload: { ...ref, ...finding } };
}

/** Which gates said what, as the question to people. */
function whyLeft(capabilityId: string, phase: GatePhase, gates: readonly string[]): string {
  const [first = ""] = gates;
  const named = gates.length === 1 ? `Gate ${first} does` : `Gates ${gates.join(", ")} do`;
  return phase === "pre_gate"
    ? `${named} not allow this call. Call ${capabilityId} all the same?`
    : `${named} not allow what ${capabilityId} answered. Go on with it all the same?`;
}

/** What a gate's refusal means. A gate that failed blocks, whatever its `on_fail` says. */
function judge(
  capabilityId: string,
  phase: GatePhase,
  gate: Gate | DomainError,
  answer: Exclude<GateAnswer, { kind: "allowed" }>,
): PolicyDenied {
  const gateName = gate instanceof DomainError ? {} : { gate: gate.capabilityId };
  const named = gate instanceof DomainError ? "one of its gates" : `gate ${gate.capabilityId}`;
  const finding = (outcome: PolicyOutcome, reason: string, mayOverride: Role[] = []) => ({
    rule: phase,
    outcome,
    reason,
    capability_id: capabilityId,
    ...gateName,
    may_override: mayOverride,
  });
  if (answer.kind === "failed") {
    const { code, message } = answer.error;
    return new PolicyDenied(
      "gate_execution_failure",
      finding("blocked", `${named} could not be asked: ${message.replace(/\.$/, "")}`),
      "Correct the gate or what it calls; a gate without a clear answer blocks.",
      { cause: { code, message } },
    );
  }
  const onFail = gate instanceof DomainError ? "block" : gate.onFail;
  const denies = `${named} does not allow it`;
  switch (onFail) {
    case "block":
      return new PolicyDenied(
        "gate_denied",
        finding("blocked", denies),
        "Change what the step passes, so that the gate allows it.",
      );
    case "require_human":
      return new PolicyDenied(
        "confirmation_required",
        finding("human_required", `${denies}, and a person must decide`, ["approver", "admin"]),
        "A person must decide about this call; until then it is not made.",
      );
    case "warn":
      return new PolicyDenied("gate_denied", finding("warned", denies), "");
    case "degrade":
      return new PolicyDenied("gate_denied", finding("degraded", denies), "");
  }
}
