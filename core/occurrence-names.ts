import type { PlanStep } from "./run-plan.ts";
import type { LoopState } from "./run-state.ts";

/** What a loop's occurrence at a position is called: the alias of a scatter's target, else the position itself. */
export function occurrenceNameAt({ loop }: Pick<PlanStep, "loop">, position: number): string {
  const alias = loop?.kind === "scatter" ? loop.targets[position]?.alias : undefined;
  return alias ?? String(position);
}

/** The names of the occurrences that a loop has begun so far, in the order in which they began. */
export function occurrenceNames(
  step: Pick<PlanStep, "loop">,
  { next }: Pick<LoopState, "next">,
): string[] {
  return Array.from({ length: next }, (_, position) => occurrenceNameAt(step, position));
}
