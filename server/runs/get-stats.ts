import type { z } from "zod";
import type { CallContext } from "../api/call-context.ts";
import type { StatsSchema } from "../api/operation-schemas.ts";
import { countParkedRuns, countRecentRuns, countRunsByStatus } from "../database/run-queries.ts";

/** Figures of the tenant's runs, and of the process that answers. */
export async function getStats(ctx: CallContext): Promise<z.output<typeof StatsSchema>> {
  const { database, runtime, now } = ctx.dependencies;
  const at = now().getTime();
  const [byStatus, recent, parked] = await Promise.all([
    countRunsByStatus(database, ctx.tenantId),
    countRecentRuns(database, ctx.tenantId, {
      startedAfter: new Date(at - 60_000),
      failedAfter: new Date(at - 3_600_000),
    }),
    countParkedRuns(database, ctx.tenantId),
  ]);
  const { activeRuns, ...journal } = runtime.stats();
  return {
    runs: {
      by_status: byStatus,
      started_last_minute: recent.started,
      failed_last_hour: recent.failed,
    },
    journal: figuresOf(journal),
    active_runs: activeRuns,
    parked_runs: parked,
  };
}

function figuresOf(stats: Readonly<Record<string, unknown>>): Record<string, number> {
  const figures: Record<string, number> = {};
  for (const [name, value] of Object.entries(stats))
    if (typeof value === "number") figures[name] = value;
  return figures;
}
