import { z } from "zod";
import type { RunStatus } from "../../core/run.ts";
import { RUN_STATUSES } from "../../core/run.ts";
import type { Database } from "./client.ts";
import {
  RUN_COLUMNS,
  RUN_DETAIL_COLUMNS,
  RunDetailRowSchema,
  type RunRow,
  RunRowSchema,
} from "./run-row.ts";

type Pool = Pick<Database, "pool">;

/** The run as lists show it, or null. Index: the primary key. */
export async function findRun(
  { pool }: Pool,
  tenantId: string,
  runId: string,
): Promise<RunRow | null> {
  const { rows } = await pool.query(
    `SELECT ${RUN_COLUMNS} FROM runs WHERE tenant_id = $1 AND run_id = $2`,
    [tenantId, runId],
  );
  return rows[0] === undefined ? null : RunRowSchema.parse(rows[0]);
}

/** The run with inputs and outputs, or null. Index: the primary key. */
export async function findRunDetail({ pool }: Pool, tenantId: string, runId: string) {
  const { rows } = await pool.query(
    `SELECT ${RUN_DETAIL_COLUMNS} FROM runs WHERE tenant_id = $1 AND run_id = $2`,
    [tenantId, runId],
  );
  return rows[0] === undefined ? null : RunDetailRowSchema.parse(rows[0]);
}

/** The ids of the runs that a run started, oldest first, at most 1,000. Index: runs_children. */
export async function listChildRunIds(
  { pool }: Pool,
  tenantId: string,
  runId: string,
): Promise<string[]> {
  const { rows } = await pool.query(
    "SELECT run_id FROM runs WHERE tenant_id = $1 AND parent_run_id = $2 ORDER BY created_at, run_id LIMIT 1000",
    [tenantId, runId],
  );
  return z
    .array(z.object({ run_id: z.string() }))
    .parse(rows)
    .map((row) => row.run_id);
}

const CountSchema = z.object({ status: z.enum(RUN_STATUSES), count: z.int() });

/** How many runs a tenant has in each status. Reads the tenant's index entries once; meant for a screen, not a loop. */
export async function countRunsByStatus(
  { pool }: Pool,
  tenantId: string,
): Promise<Record<RunStatus, number>> {
  const { rows } = await pool.query(
    "SELECT status, count(*)::int AS count FROM runs WHERE tenant_id = $1 GROUP BY status",
    [tenantId],
  );
  const counts: Record<RunStatus, number> = {
    pending: 0,
    running: 0,
    paused: 0,
    waiting_for_human: 0,
    waiting_for_signal: 0,
    replaying: 0,
    compensating: 0,
    completed: 0,
    failed: 0,
    canceled: 0,
  };
  for (const { status, count } of z.array(CountSchema).parse(rows)) counts[status] = count;
  return counts;
}

/** How many unfinished runs of the tenant no process holds in memory: they wait or queue. Index: runs_unfinished. */
export async function countParkedRuns({ pool }: Pool, tenantId: string): Promise<number> {
  const { rows } = await pool.query(
    `SELECT count(*)::int AS count FROM runs
     WHERE tenant_id = $1 AND status NOT IN ('completed', 'failed', 'canceled') AND owner_worker_id IS NULL`,
    [tenantId],
  );
  return z.object({ count: z.int() }).parse(rows[0]).count;
}

/** How many unfinished runs of all tenants no process holds in memory. Index: runs_unfinished. */
export async function countAllParkedRuns(pool: Pool["pool"]): Promise<number> {
  const { rows } = await pool.query(
    `SELECT count(*)::int AS count FROM runs
     WHERE status NOT IN ('completed', 'failed', 'canceled') AND owner_worker_id IS NULL`,
  );
  return z.object({ count: z.int() }).parse(rows[0]).count;
}

const RecentSchema = z.object({ started: z.int(), failed: z.int() });

/** Runs created since one moment and runs failed since another. Indexes: runs_newest, runs_failed. */
export async function countRecentRuns(
  { pool }: Pool,
  tenantId: string,
  since: { startedAfter: Date; failedAfter: Date },
): Promise<z.infer<typeof RecentSchema>> {
  const { rows } = await pool.query(
    `SELECT (SELECT count(*)::int FROM runs WHERE tenant_id = $1 AND created_at > $2) AS started,
            (SELECT count(*)::int FROM runs WHERE tenant_id = $1 AND status = 'failed' AND finished_at > $3) AS failed`,
    [tenantId, since.startedAfter, since.failedAfter],
  );
  return RecentSchema.parse(rows[0]);
}
