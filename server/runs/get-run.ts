import type { RunDetail } from "../../core/run-view.ts";
import type { CallContext } from "../api/call-context.ts";
import { readRunCompensation, readRunCreated } from "../database/event-reader.ts";
import { findRunDetail, listChildRunIds } from "../database/run-queries.ts";
import { toRunSummary } from "../database/run-row.ts";
import { runNotFound } from "./run-not-found.ts";

/** The run with what went in and came out; `run_not_found` where the tenant has none of that id. */
export async function getRun(ctx: CallContext, runId: string): Promise<RunDetail> {
  const { database } = ctx.dependencies;
  const row = await findRunDetail(database, ctx.tenantId, runId);
  if (row === null) throw runNotFound(runId);
  const [created, childRunIds, compensation] = await Promise.all([
    readRunCreated(database, ctx.tenantId, runId),
    listChildRunIds(database, ctx.tenantId, runId),
    readRunCompensation(database, ctx.tenantId, row),
  ]);
  return {
    ...toRunSummary(row),
    skill_hash: row.skill_hash,
    inputs: row.inputs,
    outputs: row.outputs,
    options: created?.options ?? {},
    parent: created?.parent ?? null,
    child_run_ids: childRunIds,
    compensation: compensation?.outcome ?? "none",
    left_standing: compensation?.left ?? [],
    compensation_error: compensation?.error ?? null,
  };
}
