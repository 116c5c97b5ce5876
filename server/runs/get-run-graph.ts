import type { SkillGraph } from "../../core/run-view.ts";
import type { CallContext } from "../api/call-context.ts";
import { getRunSummary } from "./get-run-summary.ts";

/** The graph of the skill version that the run runs. */
export async function getRunGraph(ctx: CallContext, runId: string): Promise<SkillGraph> {
  const run = await getRunSummary(ctx, runId);
  return ctx.dependencies.registry.getSkillGraph(ctx.tenantId, run.skill_id, run.skill_version);
}
