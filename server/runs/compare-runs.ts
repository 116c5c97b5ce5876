import { foldEqualRows } from "../../core/fold-equal-rows.ts";
import { diffRuns } from "../../core/run-diff.ts";
import type { ComparedRun, RunSide } from "../../core/run-diff-view.ts";
import type { CallContext } from "../api/call-context.ts";
import { findRunDetail } from "../database/run-queries.ts";
import { toRunSummary } from "../database/run-row.ts";
import { readSteps } from "./read-steps.ts";
import type { FoldedDiff } from "./recent-diffs.ts";
import { runNotFound } from "./run-not-found.ts";
import { digestOf, toStepSummary } from "./step-summary.ts";

export type RunPair = { runId: string; otherRunId: string };

/**
 * Two runs of the tenant, and how they compare step by step as of now. Throws `run_not_found` for an id that the tenant
 * has no run for.
 */
export async function compareRuns(
  ctx: CallContext,
  { runId, otherRunId }: RunPair,
): Promise<{ a: RunSide; b: RunSide; diff: FoldedDiff }> {
  const [a, b] = await Promise.all([getSide(ctx, runId), getSide(ctx, otherRunId)]);
  // A run is never rewritten: its head says all that has happened in it.
  const key = JSON.stringify([ctx.tenantId, a.run_id, a.head_sequence, b.run_id, b.head_sequence]);
  const diff = await ctx.dependencies.recentDiffs.get(key, async () => {
    const [comparedA, comparedB] = await Promise.all([getCompared(ctx, a), getCompared(ctx, b)]);
    const compared = diffRuns(comparedA, comparedB);
    return { ...compared, entries: foldEqualRows(compared.rows) };
  });
  return { a, b, diff };
}

async function getSide(ctx: CallContext, runId: string): Promise<RunSide> {
  const row = await findRunDetail(ctx.dependencies.database, ctx.tenantId, runId);
  if (row === null) throw runNotFound(runId);
  const run = toRunSummary(row);
  const { created_at: createdAt, started_at: startedAt, finished_at: finishedAt } = run;
  return {
    ...run,
    duration_ms:
      finishedAt === null ? null : Date.parse(finishedAt) - Date.parse(startedAt ?? createdAt),
    inputs: digestOf(row.inputs),
    outputs: row.outputs === null ? null : digestOf(row.outputs),
  };
}

async function getCompared(ctx: CallContext, run: RunSide): Promise<ComparedRun> {
  const { registry } = ctx.dependencies;
  const [graph, steps] = await Promise.all([
    registry.getSkillGraph(ctx.tenantId, run.skill_id, run.skill_version),
    readSteps(ctx, run, digestOf),
  ]);
  return { graph, steps: [...steps.values()].map(toStepSummary) };
}
