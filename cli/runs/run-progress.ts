import type { EventEnvelope } from "../../core/run-events.ts";
import { runStatusAfter } from "../../core/run-status-after.ts";
import type { RunStatus } from "../../core/run.ts";
import type { SkillGraph, StepView } from "../../core/run-view.ts";
import { isStepEnded } from "../../core/step.ts";
import { foldStepViews } from "../../core/step-views.ts";

/** How far a run is, folded from its events. */
export type RunProgress = {
  fold: (event: EventEnvelope) => void;
  status: () => RunStatus;
  /** Steps of the skill that came to their end, and how many there are; null where the graph is not known. */
  counts: () => { done: number; total: number | null };
  /** The steps under way, the one that began last first. Occurrences of a loop count for their step. */
  current: () => StepView[];
  /** How many occurrences of a looping step have ended. */
  endedOccurrences: (stepId: string) => number;
  /** One step, or one occurrence of it, as the events so far tell. */
  view: (key: string) => StepView | null;
};

/** Starts at nothing; `graph` gives the number of steps. */
export function createRunProgress(graph: SkillGraph | null): RunProgress {
  const views = new Map<string, StepView>();
  let status: RunStatus = "pending";
  const steps = () => [...views.values()].filter((view) => view.occurrence === null);
  return {
    fold(event) {
      foldStepViews(views, event);
      status = runStatusAfter(status, event.event_type);
    },
    status: () => status,
    counts: () => ({
      done: steps().filter((view) => isStepEnded(view.status)).length,
      total: graph?.steps.length ?? null,
    }),
    current: () =>
      steps()
        .filter((view) => !isStepEnded(view.status) && view.status !== "pending")
        .toSorted((a, b) => (b.started_at ?? "").localeCompare(a.started_at ?? "")),
    endedOccurrences: (stepId) =>
      [...views.values()].filter(
        (view) => view.step_id === stepId && view.occurrence !== null && isStepEnded(view.status),
      ).length,
    view: (key) => views.get(key) ?? null,
  };
}
