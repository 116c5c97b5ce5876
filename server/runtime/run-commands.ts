import { DomainError } from "../../core/errors.ts";
import type { NewEvent } from "../../core/run-events.ts";
import { invalidTransition, isTerminal, type RunStatus } from "../../core/run.ts";
import { claimFact, decideFacts, reassignFact, releaseFact } from "./approval-commands.ts";
import { endChildStep } from "./child-step.ts";
import { resolveFacts } from "./effect-commands.ts";
import { recordFacts, type RunSession } from "./run-session.ts";
import type { OpenCommand } from "./run-world.ts";

/** Signals that no step has taken yet are part of the state; a sender in a loop must not fill it. */
const MAX_UNTAKEN_SIGNALS = 1_000;

/** Applies one command other than `resume` to the run it was sent to. Throws the DomainError with which it is refused. */
export function applyCommand(session: RunSession, command: OpenCommand): void {
  const { state } = session.history;
  const { reason } = command.payload;
  const because = typeof reason === "string" ? { reason } : {};
  const by = command.actor === null ? {} : { actor: command.actor };
  switch (command.kind) {
    case "pause":
      refuseUnless(session, isAtWork(state.status) && session.stop === null, "paused");
      recordFor(session, command, { type: "run.paused", payload: because, ...by });
      return;
    case "share_lineage":
      session.history.shareLineage();
      session.history.applyCommand(command.commandId);
      return;
    case "cancel":
      refuseUnless(session, !isTerminal(state.status), "canceled");
      if (state.status === "compensating") {
        // It is on its way to its end already, whichever that is.
        session.history.applyCommand(command.commandId);
        return;
      }
      // Applied by the facts of the end itself, so that a crash before it finds the command again.
      session.cancelCommands.push(command.commandId);
      session.stop ??= {
        kind: "cancel",
        ...because,
        ...by,
        shouldCompensate: command.payload["compensate"] === true,
      };
      return;
    case "signal":
      refuseUnless(session, !isTerminal(state.status), "running");
      if (state.signals.length >= MAX_UNTAKEN_SIGNALS) throw tooManySignals(state.runId);
      recordFor(session, command, { type: "signal.received", payload: toSignal(command), ...by });
      return;
    case "claim":
      recordFor(session, command, claimFact(session, command));
      return;
    case "release":
      recordFor(session, command, releaseFact(session, command));
      return;
    case "reassign":
      recordFor(session, command, reassignFact(session, command));
      return;
    case "decide":
      recordFor(session, command, ...decideFacts(session, command));
      return;
    case "resolve":
      recordFor(session, command, ...resolveFacts(session, command));
      return;
    case "child_ended":
      endChildStep(session, command);
      return;
    default:
      throw new DomainError("invalid_request", `A run has no command ${command.kind}.`);
  }
}

function isAtWork(status: RunStatus): boolean {
  return status === "running" || status === "replaying";
}

function recordFor(session: RunSession, command: OpenCommand, ...events: NewEvent[]): void {
  recordFacts(session, events);
  session.history.applyCommand(command.commandId);
}

function refuseUnless(session: RunSession, isAllowed: boolean, to: RunStatus): void {
  const { runId, status } = session.history.state;
  if (!isAllowed) throw invalidTransition(runId, status, to);
}

function tooManySignals(runId: string): DomainError {
  return new DomainError(
    "quota_exceeded",
    `Run ${runId} holds ${MAX_UNTAKEN_SIGNALS} signals that no step has taken.`,
    {
      hint: "Send signals that a wait.signal step of the run asks for.",
      details: { run_id: runId },
    },
  );
}

function toSignal({ payload }: OpenCommand) {
  const { signal_id: signalId, name, payload: content } = payload;
  if (typeof signalId === "string" && typeof name === "string") {
    return { signal_id: signalId, name, payload: content ?? null };
  }
  throw new DomainError("invalid_request", "A signal has an id and a name.");
}
