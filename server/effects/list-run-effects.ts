import type { EffectView } from "../../core/effect-view.ts";
import type { CallContext } from "../api/call-context.ts";
import { foldedEffectView } from "../database/effect-row.ts";
import { listCompensated } from "../database/compensation-repository.ts";
import { RunLedger } from "../runtime/run-ledger.ts";
import { followRunEvents } from "../runs/follow-history.ts";
import { getRunSummary } from "../runs/get-run-summary.ts";

/**
 * The ledger's records of a run, in the order in which they were announced. Folded from the run's own events, so that
 * they are exact while it runs, after a kill, and for runs that came in as a file.
 */
export async function listRunEffects(
  ctx: CallContext,
  runId: string,
): Promise<{ items: EffectView[] }> {
  const run = await getRunSummary(ctx, runId);
  const ledger = new RunLedger(runId, []);
  for await (const page of followRunEvents(ctx, run)) {
    for (const event of page) ledger.fold(event, event.sequence, event.at);
  }
  // A nested run's effects are undone by the run that it is nested in.
  const undone =
    run.parent_run_id === null
      ? null
      : await listCompensated(ctx.dependencies.database, ctx.tenantId, runId);
  return {
    items: ledger.take().map((write) => {
      const status = undone?.has(write.sequence) === true ? "compensated" : write.status;
      return foldedEffectView({ tenantId: ctx.tenantId, runId }, { ...write, status });
    }),
  };
}
