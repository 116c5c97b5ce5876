import type { RunSummary } from "../../core/run-view.ts";
import type { CallContext } from "../api/call-context.ts";
import { findRun } from "../database/run-queries.ts";
import { toRunSummary } from "../database/run-row.ts";
import { runNotFound } from "./run-not-found.ts";

/** The run as lists show it; `run_not_found` where the tenant has none of that id. */
export async function getRunSummary(ctx: CallContext, runId: string): Promise<RunSummary> {
  const row = await findRun(ctx.dependencies.database, ctx.tenantId, runId);
  if (row === null) throw runNotFound(runId);
  return toRunSummary(row);
}
