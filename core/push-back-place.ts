import { isUndo } from "./compensation.ts";

/**
 * Why a question cannot be pushed back whatever is chosen, as a sentence; null where it can. A nested run is not made
 * again alone, and a run that undoes what it did has nothing to go back to.
 */
export function whyNoPushBack({
  step_id: stepId,
  step_path: stepPath,
  occurrence,
}: {
  step_id: string;
  step_path: string;
  occurrence?: string | null;
}): string | null {
  if (isUndo({ occurrence: occurrence ?? null }))
    return "It cannot be pushed back: the run is undoing what it did.";
  return stepPath === stepId
    ? null
    : "It cannot be pushed back: it is asked in a nested run, which does not begin again alone.";
}
