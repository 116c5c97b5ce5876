import { isUndo } from "../../core/compensation.ts";
import type { SkillGraph, StepView } from "../../core/run-view.ts";
import type { AnyStatus } from "../runs/status-style.ts";
import { emptyStepView } from "../../core/step-views.ts";
import { STEP_STATUSES, type StepStatus } from "../../core/step.ts";

/** A step of the skill with all that happened to it: its own view, and one per occurrence where it loops. */
export type StepGroup = {
  step: SkillGraph["steps"][number];
  view: StepView;
  /** How it is shown: its status, and that it will never be reached once the run has ended. */
  shown: AnyStatus;
  /** Those that undo an effect of the step included. */
  occurrences: readonly StepView[];
  /** How many occurrences stand where, in the order of the statuses; empty where the step does not loop. */
  counts: readonly (readonly [StepStatus, number])[];
};

/** The steps of a run in the order of its skill, with what the events tell of each. `isOver`: the run has ended. */
export function groupSteps(
  graph: SkillGraph,
  views: ReadonlyMap<string, StepView>,
  isOver: boolean,
): StepGroup[] {
  const occurrences = new Map<string, StepView[]>();
  for (const view of views.values()) {
    if (view.occurrence === null) continue;
    const known = occurrences.get(view.step_id);
    if (known === undefined) occurrences.set(view.step_id, [view]);
    else known.push(view);
  }
  return graph.steps.map((step) => {
    const inside = occurrences.get(step.step_id) ?? [];
    const view = views.get(step.step_id) ?? emptyStepView(step.step_id, null);
    return {
      step,
      view,
      shown: isOver && view.status === "pending" ? "not_reached" : view.status,
      occurrences: inside,
      counts: countStatuses(inside.filter((one) => !isUndo(one))),
    };
  });
}

function countStatuses(views: readonly StepView[]): (readonly [StepStatus, number])[] {
  const counts = new Map<StepStatus, number>();
  for (const view of views) counts.set(view.status, (counts.get(view.status) ?? 0) + 1);
  return STEP_STATUSES.flatMap((status) => {
    const count = counts.get(status);
    return count === undefined ? [] : [[status, count] as const];
  });
}
