import type { ApprovalSummary } from "../../core/approval-view.ts";

/** Of a run's id: enough to tell runs apart in a list. */
const SHORT_ID = 6;

/** Where a question stands, in a few words: occurrence of the step, and the end of the run's id. */
export function placeOf({ occurrence, run_id: runId }: ApprovalSummary): string {
  const run = `run …${runId.slice(-SHORT_ID)}`;
  return occurrence === null ? run : `#${occurrence} · ${run}`;
}
