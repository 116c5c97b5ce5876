import { isUndo } from "./compensation.ts";
import { refOfKey } from "./decision.ts";
import { createFrontier } from "./frontier.ts";
import type { Plan, PlanStep } from "./run-plan.ts";
import type { RunState } from "./run-state.ts";

/**
 * Lets a failed or canceled run go on, in place: what failed or was canceled has not happened yet, nor what was skipped
 * because of that; completed steps stay. A loop that did not end begins anew; the ledger knows which of its calls
 * were made.
 */
export function reopen(plan: Plan, state: RunState): void {
  const undone = new Set<string>();
  for (const index of plan.order) {
    const step = plan.steps[index];
    const status = step === undefined ? undefined : state.steps.get(step.id)?.status;
    if (step === undefined || status === undefined) continue;
    const follows = step.dependsOn.some((before) => undone.has(plan.steps[before]?.id ?? ""));
    if (status === "failed" || status === "canceled" || (status === "skipped" && follows)) {
      undone.add(step.id);
      forgetWrites(state, step);
    }
  }
  for (const key of state.steps.keys()) {
    const [stepId = key] = key.split("#", 1);
    if (undone.has(stepId) || isUndo(refOfKey(key))) state.steps.delete(key);
  }
  state.failure = null;
  delete state.denial;
  delete state.compensation;
  state.frontier = createFrontier(plan, state.steps);
}

/** A loop writes as it goes: what one that begins anew had written is its own to write again. */
function forgetWrites({ written }: RunState, { loop, output }: PlanStep): void {
  if (loop?.kind !== "while") return;
  for (const { target } of output) written.delete(target.source);
}
