import type { CompensationPlan } from "../../core/compensation.ts";
import type { CompensationView, RunSummary } from "../../core/run-view.ts";
import type { CallContext } from "../api/call-context.ts";
import { assertNoRecord } from "./assert-no-record.ts";
import { followRunEvents } from "./follow-history.ts";
import { getRunSummary } from "./get-run-summary.ts";

/**
 * What is undone of a run that undoes what it did, or would be if it were canceled so now. A run that was resumed after
 * an undoing that came to nothing has begun none. Throws `invalid_request` for an imported run that has none.
 */
export async function getCompensation(ctx: CallContext, runId: string): Promise<CompensationView> {
  const run = await getRunSummary(ctx, runId);
  let begun: { plan: CompensationPlan; at: number } | null = null;
  const undone = new Set<string>();
  for await (const page of followRunEvents(ctx, run)) {
    for (const { type, payload, at } of page) {
      if (type === "run.resumed") begun = null;
      if (type === "run.compensating") begun = { plan: payload, at };
      if (type === "step.compensated") undone.add(payload.effect_id);
    }
  }
  const { strategy, undo, left } = begun?.plan ?? (await planNow(ctx, run));
  return {
    begun_at: begun === null ? null : new Date(begun.at).toISOString(),
    strategy,
    undo: undo.map(({ input: _secret, ...item }) => ({
      ...item,
      is_undone: undone.has(item.effect_id),
    })),
    left,
  };
}

function planNow(
  { tenantId, dependencies }: CallContext,
  run: RunSummary,
): Promise<CompensationPlan> {
  assertNoRecord(run);
  return dependencies.compensationPlanner.plan({ tenantId, ...run });
}
