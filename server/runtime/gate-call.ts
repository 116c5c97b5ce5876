import { isActing } from "../../core/capability.ts";
import { DomainError, toErrorRecord, type ErrorRecord } from "../../core/errors.ts";
import type { JsonObject } from "../../core/json.ts";
import type { Gate, GateValues } from "../../core/policy-gate.ts";
import type { CallContext, CallOutcome } from "./capability-caller.ts";
import type { RunSession } from "./run-session.ts";

/** What a gate says of one call; `failed` where it says nothing that can be relied on. */
export type GateAnswer =
  { kind: "allowed" } | { kind: "denied" } | { kind: "failed"; error: ErrorRecord };

/**
 * Asks one gate about one call, through the run's own caller: under the same policy, with the same bindings. Never throws
 * and never rejects; answers without a promise where the gate's binding does.
 */
export function askGate(
  session: RunSession,
  gate: Gate,
  values: GateValues,
  context: CallContext,
): GateAnswer | Promise<GateAnswer> {
  try {
    const { caller } = session.world;
    const input = gate.inputOf(values);
    const call = caller.prepare(gate.capabilityId, input, session.history.state.options);
    if (isActing(call.effect.effectClass)) throw unusable(gate, "acts on the outside world");
    if (call.gates !== null) throw unusable(gate, "has gates of its own");
    const outcome = call.invoke(context);
    const judge = (told: CallOutcome) => judgeOutcome(session, gate, values, told);
    return outcome instanceof Promise ? outcome.then(judge) : judge(outcome);
  } catch (error) {
    return failed(session, error);
  }
}

function judgeOutcome(
  session: RunSession,
  gate: Gate,
  values: GateValues,
  outcome: CallOutcome,
): GateAnswer {
  if (!outcome.ok) return { kind: "failed", error: outcome.error };
  try {
    const result: JsonObject = outcome.output;
    return { kind: gate.verdictOf({ ...values, result }) ? "allowed" : "denied" };
  } catch (error) {
    return failed(session, error);
  }
}

function failed(session: RunSession, error: unknown): GateAnswer {
  if (!(error instanceof DomainError)) session.world.surprised(error);
  return { kind: "failed", error: toErrorRecord(error) };
}

function unusable(gate: Gate, why: string): DomainError {
  return new DomainError(
    "invalid_configuration",
    `Capability ${gate.capabilityId} cannot be a gate: it ${why}.`,
    { hint: "Name a capability of effect class none or read, without gates." },
  );
}
