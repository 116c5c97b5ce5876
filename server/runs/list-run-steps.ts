import type { StepView } from "../../core/run-view.ts";
import { foldStepViews } from "../../core/step-views.ts";
import type { CallContext } from "../api/call-context.ts";
import { followHistory } from "./follow-history.ts";
import { getRunSummary } from "./get-run-summary.ts";

/** The run's steps and occurrences as its events tell them, in the order in which they began. */
export async function listRunSteps(
  ctx: CallContext,
  runId: string,
): Promise<{ items: StepView[] }> {
  const run = await getRunSummary(ctx, runId);
  const views = new Map<string, StepView>();
  for await (const page of followHistory(ctx, run, 0)) {
    for (const envelope of page) foldStepViews(views, envelope);
  }
  return { items: [...views.values()] };
}
