import type { Decision } from "../../core/decision.ts";
import { endNotUndone } from "../../core/decide-compensation.ts";
import { DomainError } from "../../core/errors.ts";
import { planCompensation } from "../../core/plan-compensation.ts";
import { recordFacts, type RunSession } from "./run-session.ts";

/** Under this name the finding out is among the run's calls, so that the run is not taken for idle. */
const CALL_KEY = "run.compensating";

/**
 * Finds out what there is to undo and records it, before anything is undone: whoever takes the run over goes on from
 * there. Where there is nothing, or a damaged history hides what there is, the run ends as it would have.
 */
export function beginCompensation(
  session: RunSession,
  { events, end, actor }: Extract<Decision, { kind: "compensate" }>,
): void {
  if (session.calls.has(CALL_KEY)) return;
  session.calls.begin(CALL_KEY);
  const { history, world } = session;
  const { tenantId, runId } = history.state;
  void history
    .durable()
    .then((isDurable) => (isDurable ? world.findActed(tenantId, runId) : null))
    .then(
      (acted) => {
        if (acted === null) return;
        session.turn(() => {
          session.calls.end(CALL_KEY);
          // Where the process stops, the next owner begins here again.
          if (session.isHeld) return;
          const { strategy } = history.plan.compensation;
          const plan = planCompensation(acted, strategy, world.caller.compensationOf);
          if (plan.undo.length + plan.left.length === 0) {
            recordFacts(session, events);
            return;
          }
          const by = actor === undefined ? {} : { actor };
          recordFacts(session, [{ type: "run.compensating", payload: { ...plan, end }, ...by }]);
          session.stop = null;
          for (const commandId of session.cancelCommands) history.applyCommand(commandId);
          session.cancelCommands = [];
        });
      },
      (error: unknown) => {
        session.turn(() => {
          session.calls.end(CALL_KEY);
          if (session.isHeld) return;
          if (!(error instanceof DomainError)) throw error;
          // Trying again would find the same damage: the run ends, and its end says that nothing was undone and why.
          recordFacts(
            session,
            events.map((event) => endNotUndone(event, error.toRecord())),
          );
        });
      },
    );
}
