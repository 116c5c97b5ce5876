import type { JsonObject } from "../../core/json.ts";
import type { NewEvent } from "../../core/run-events.ts";
import type { CallAttempt } from "./call-attempt.ts";
import type { ProbeAnswer } from "./capability-caller.ts";
import { hashJson } from "./effect-facts.ts";
import { askAboutDoubt } from "./effect-question.ts";
import { recordFacts, stepPathOf, type RunSession } from "./run-session.ts";
import { traceparentOf } from "./trace-context.ts";

/** A call of which nobody knows whether it happened. */
export type Doubt = {
  effectId: string;
  /** The key that it was sent with. */
  idempotencyKey: string;
  /** Through which binding; only that one can say what became of it. */
  bindingId: string;
  /** Why it is in doubt, in words. */
  why: string;
};

/** What is done with an answer; each is called at most once, in a turn of the run. */
export type DoubtWays = {
  happened: (output: JsonObject, receipt: string | null) => void;
  notHappened: () => void;
  /** Sends it again under its key, where the provider honours keys; null where it does not. */
  resend: (() => void) | null;
};

/**
 * Finds out about a call in doubt in the order of `contract.md` §7: the binding's status probe, then the call again where
 * its provider honours the key, then people. A process that dies meanwhile leaves the effect in doubt and the step
 * running, so that whoever takes the run over begins here again.
 */
export function pursueDoubt(
  session: RunSession,
  attempt: CallAttempt,
  doubt: Doubt,
  ways: DoubtWays,
): void {
  const { call, ref, key } = attempt;
  const isSameBinding = call.bindingId === doubt.bindingId;
  const goOn = (why: string) => {
    if (ways.resend !== null && isSameBinding) ways.resend();
    else askAboutDoubt(session, attempt, doubt.effectId, why);
  };
  if (call.probe === null || !isSameBinding) {
    goOn(doubt.why);
    return;
  }
  const controller = new AbortController();
  const entry = session.calls.begin(key, { controller });
  const { state } = session.history;
  const context = {
    runId: state.runId,
    stepPath: stepPathOf(session, ref.step_id),
    traceId: state.traceId,
    traceparent: traceparentOf(state.traceId, state.sequence),
    idempotencyKey: doubt.idempotencyKey,
    timeoutMs: null,
    signal: controller.signal,
  };
  void call.probe(context).then((answer) =>
    session.turn(() => {
      session.calls.end(key);
      if (session.isHeld) return;
      if (entry.isAborted || session.stop !== null) {
        const reason = "the run was stopped";
        recordFacts(session, [{ type: "step.canceled", payload: { ...ref, reason } }]);
      } else take(answer);
    }),
  );

  function take(answer: ProbeAnswer): void {
    if (answer.kind === "happened") ways.happened(answer.output, answer.receipt);
    else if (answer.kind === "not_happened") ways.notHappened();
    else goOn(`${doubt.why} Its status probe gave no answer: ${answer.reason}.`);
  }
}

/** The fact that a status probe found out what became of an effect. */
export function probed(
  { ref }: CallAttempt,
  effectId: string,
  found: { output: JsonObject; receipt: string | null } | null,
): NewEvent {
  return {
    type: "side_effect.resolved",
    payload: {
      ...ref,
      effect_id: effectId,
      by: "status_probe",
      ...(found === null
        ? { resolution: "not_happened" as const }
        : {
            resolution: "happened" as const,
            output: found.output,
            response_hash: hashJson(found.output),
            ...(found.receipt === null ? {} : { receipt: found.receipt }),
          }),
    },
  };
}
