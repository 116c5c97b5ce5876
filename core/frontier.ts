import type { Plan, PlanStep } from "./run-plan.ts";
import type { StepState } from "./run-state.ts";
import { isStepEnded, satisfiesDependants, type StepStatus } from "./step.ts";

/**
 * An index over a run's steps that answers "what may start, what is under way" without looking at all of them.
 * Derived: `createFrontier` rebuilds it from the steps; `moveStep` keeps it in step with each change, in O(edges).
 */
export type Frontier = {
  /** Per step: dependencies that have not ended, and those that completed or degraded. */
  open: Int32Array;
  succeeded: Int32Array;
  /** Indexes of steps that may start, first in first out from `readyHead`. */
  ready: number[];
  readyHead: number;
  /** Occurrence keys by what they do now; a loop's own step is in `loops` while it lasts. */
  running: Set<string>;
  waiting: Set<string>;
  retrying: Set<string>;
  loops: Set<number>;
  endedSteps: number;
};

/** Builds the index for a run's steps as they stand. */
export function createFrontier(plan: Plan, steps: ReadonlyMap<string, StepState>): Frontier {
  const frontier: Frontier = {
    open: Int32Array.from(plan.steps, (step) => step.dependsOn.length),
    succeeded: new Int32Array(plan.steps.length),
    ready: [],
    readyHead: 0,
    running: new Set(),
    waiting: new Set(),
    retrying: new Set(),
    loops: new Set(),
    endedSteps: 0,
  };
  for (const [key, state] of steps) {
    const step = plan.steps[plan.stepIndex.get(key) ?? -1];
    if (step !== undefined && state.loop !== undefined && !isStepEnded(state.status))
      frontier.loops.add(step.index);
    else file(frontier, key, state.status);
    if (step !== undefined && isStepEnded(state.status))
      countEnd(frontier, plan, step, state.status);
  }
  frontier.ready = plan.order.filter((index) => {
    const step = plan.steps[index];
    return step !== undefined && !steps.has(step.id) && isReady(frontier, step);
  });
  return frontier;
}

/** A run's steps and the index over them. */
type Indexed = { frontier: Frontier; steps: ReadonlyMap<string, StepState> };

/** Files a step or occurrence under its new status, and lets its dependants know when a step has ended. */
export function moveStep(
  { frontier, steps }: Indexed,
  plan: Plan,
  key: string,
  step: PlanStep | null,
  status: StepStatus,
  isLoop: boolean,
): void {
  frontier.running.delete(key);
  frontier.waiting.delete(key);
  frontier.retrying.delete(key);
  if (step !== null && isLoop && !isStepEnded(status)) {
    frontier.loops.add(step.index);
    return;
  }
  file(frontier, key, status);
  if (step === null || !isStepEnded(status)) return;
  frontier.loops.delete(step.index);
  for (const dependant of countEnd(frontier, plan, step, status)) {
    // After a resume a step may end behind which others have ended already: they went on when it was skipped.
    if (!steps.has(plan.steps[dependant]?.id ?? "")) frontier.ready.push(dependant);
  }
}

/** The next step that may start, or null; `takeReady` removes it. */
export function peekReady(frontier: Frontier): number | null {
  return frontier.ready[frontier.readyHead] ?? null;
}

/** True where a step can start, is under way or will be tried again: the run is not waiting as a whole. */
export function canGoOn(frontier: Frontier): boolean {
  const { running, retrying, loops } = frontier;
  return running.size + retrying.size + loops.size > 0 || peekReady(frontier) !== null;
}

/** Removes a step from the queue once it has started or been skipped. */
export function takeReady(frontier: Frontier, index: number): void {
  if (frontier.ready[frontier.readyHead] !== index) {
    // Rebuilt in plan order, while a history that is folded on has the order in which steps became ready.
    const position = frontier.ready.indexOf(index, frontier.readyHead);
    if (position !== -1) frontier.ready.splice(position, 1);
    return;
  }
  frontier.readyHead += 1;
  if (frontier.readyHead < 256) return;
  frontier.ready = frontier.ready.slice(frontier.readyHead);
  frontier.readyHead = 0;
}

function file(frontier: Frontier, key: string, status: StepStatus): void {
  if (status === "running") frontier.running.add(key);
  else if (status === "retry_scheduled") frontier.retrying.add(key);
  else if (status === "waiting_for_signal" || status === "waiting_for_human")
    frontier.waiting.add(key);
}

/** Counts an end and returns the dependants that it makes ready. */
function countEnd(frontier: Frontier, plan: Plan, step: PlanStep, status: StepStatus): number[] {
  frontier.endedSteps += 1;
  const hasSucceeded = satisfiesDependants(status) && status !== "skipped";
  return step.dependants.filter((index) => {
    const dependant = plan.steps[index];
    if (dependant === undefined) return false;
    const wasReady = isReady(frontier, dependant);
    frontier.open[index] = (frontier.open[index] ?? 0) - 1;
    if (hasSucceeded) frontier.succeeded[index] = (frontier.succeeded[index] ?? 0) + 1;
    return !wasReady && isReady(frontier, dependant);
  });
}

function isReady(frontier: Frontier, step: PlanStep): boolean {
  if (frontier.open[step.index] === 0) return true;
  return step.joinNeed !== null && (frontier.succeeded[step.index] ?? 0) >= step.joinNeed;
}
