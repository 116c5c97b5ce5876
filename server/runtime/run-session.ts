import { stepAt } from "../../core/compensation.ts";
import type { Stop } from "../../core/decision.ts";
import type { RecordedResults } from "../../core/recorded-results.ts";
import type { EventType, NewEvent, StepRef } from "../../core/run-events.ts";
import type { PlanStep } from "../../core/run-plan.ts";
import { isTerminal } from "../../core/run.ts";
import type { CallsInFlight } from "./calls-in-flight.ts";
import type { RunHistory } from "./run-history.ts";
import type { EndedStatus, RunWorld } from "./run-world.ts";

/** What the parts that drive one active run share. */
export type RunSession = {
  readonly history: RunHistory;
  readonly world: RunWorld;
  readonly calls: CallsInFlight;
  /** Of a replay or fork: what its source brought, to be taken in place of calls. */
  readonly recorded: RecordedResults | null;
  /** Which recorded results were found to stand, or not to, in this very turn: by occurrence key. */
  readonly standing: Map<string, boolean>;
  /** Set once the run is to end before its plan does. */
  stop: Stop | null;
  /** Commands that the end of the run will have applied. */
  cancelCommands: string[];
  /** The process stops: nothing new is begun, what ends is still recorded. */
  isHeld: boolean;
  /** This copy of the run is done with; late answers are ignored. */
  isClosed: boolean;
  /** Does what an answer brings, unless this copy is done with, then what is to be done next. An error costs the run only. */
  turn: (work: () => void) => void;
};

const ENDED_BY: { readonly [T in EventType]?: EndedStatus } = {
  "step.completed": "completed",
  "step.failed": "failed",
  "step.skipped": "skipped",
  "step.degraded": "degraded",
  "step.canceled": "canceled",
};

/** Records facts and counts them; the end of a run applies the commands that asked for it. */
export function recordFacts(session: RunSession, events: readonly NewEvent[]): void {
  session.history.record(events);
  for (const event of events) {
    const ended = ENDED_BY[event.type];
    if (ended !== undefined) session.world.stepEnded(ended);
  }
  if (!isTerminal(session.history.state.status)) return;
  for (const commandId of session.cancelCommands) session.history.applyCommand(commandId);
  session.cancelCommands = [];
}

/** The step's path from the root run: nested runs carry their parent's path in front. */
export function stepPathOf(session: RunSession, stepId: string): string {
  const { parent } = session.history.state;
  return parent === null ? stepId : `${parent.step_path}/${stepId}`;
}

/** The compiled step that a reference names, as far as undoing goes where it undoes; null for a foreign one. */
export function stepOf(session: RunSession, ref: StepRef): PlanStep | null {
  return stepAt(session.history.plan, ref);
}
