import { diffRunSides, diffRuns } from "../../core/run-diff.ts";
import type { ComparedRun, RunDiff, RunSide } from "../../core/run-diff-view.ts";
import type { CallContext } from "../api/call-context.ts";
import { findRunDetail } from "../database/run-queries.ts";
import { toRunSummary } from "../database/run-row.ts";
import { readSteps } from "./read-steps.ts";
import { runNotFound } from "./run-not-found.ts";
import { digestOf, toStepSummary } from "./step-summary.ts";

/**
 * A run beside another one of the tenant, step by step and without payloads. Throws `run_not_found` for an id that the
 * tenant has no run for.
 */
export async function diffRun(
  ctx: CallContext,
  { runId, otherRunId }: { runId: string; otherRunId: string },
): Promise<RunDiff> {
  const [a, b] = await Promise.all([getSide(ctx, runId), getSide(ctx, otherRunId)]);
  const [comparedA, comparedB] = await Promise.all([getCompared(ctx, a), getCompared(ctx, b)]);
  return {
    kind: "run",
    a,
    b,
    differences: diffRunSides(a, b),
    ...diffRuns(comparedA, comparedB),
  };
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
