import type { CompensationPlan } from "../../core/compensation.ts";
import type { CompensationView } from "../../core/run-view.ts";
import type { CallContext } from "../api/call-context.ts";
import { followRunEvents } from "./follow-history.ts";
import { getRunSummary } from "./get-run-summary.ts";

/** What is undone of a run that undoes what it did, or would be if it were canceled so now. */
export async function getCompensation(ctx: CallContext, runId: string): Promise<CompensationView> {
  const run = await getRunSummary(ctx, runId);
  let begun: CompensationPlan | null = null;
  const undone = new Set<string>();
  for await (const page of followRunEvents(ctx, run)) {
    for (const event of page) {
      if (event.type === "run.compensating") begun = event.payload;
      if (event.type === "step.compensated") undone.add(event.payload.effect_id);
    }
  }
  const { tenantId, dependencies } = ctx;
  const plan = begun ?? (await dependencies.compensationPlanner.plan({ tenantId, ...run }));
  return {
    strategy: plan.strategy,
    undo: plan.undo.map(({ input: _secret, ...item }) => ({
      ...item,
      is_undone: undone.has(item.effect_id),
    })),
    left: plan.left,
  };
}
