import type { RunSummary } from "../../core/run-view.ts";
import type { CallContext } from "../api/call-context.ts";
import { listLineageRunIds } from "../database/lineage-repository.ts";
import { getRunSummary } from "./get-run-summary.ts";

/** The runs that came from the same first run, oldest first: replays and forks by `source_run_id`, nested ones by `parent_run_id`. */
export async function listLineage(
  ctx: CallContext,
  runId: string,
): Promise<{ root_run_id: string; items: RunSummary[] }> {
  const { lineage_root_run_id: root } = await getRunSummary(ctx, runId);
  const ids = await listLineageRunIds(ctx.dependencies.database.pool, ctx.tenantId, root);
  return { root_run_id: root, items: await Promise.all(ids.map((id) => getRunSummary(ctx, id))) };
}
