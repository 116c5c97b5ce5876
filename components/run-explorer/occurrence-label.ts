import { isUndo } from "../../core/compensation.ts";
import type { StepView } from "../../core/run-view.ts";

/** What an occurrence is called beside its step: `#3` of a loop, `undo` where it undoes what the step did. */
export function occurrenceLabel({ occurrence, uses }: StepView): string {
  if (!isUndo({ occurrence })) return `#${occurrence}`;
  return uses === null ? "undo" : `undo · ${uses}`;
}
