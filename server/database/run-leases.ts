import type { Pool } from "pg";
import { z } from "zod";

/** A run that this process has just taken over. */
export type ClaimedRun = { tenantId: string; runId: string; leaseEpoch: number };

const ClaimedRowSchema = z
  .object({ tenant_id: z.string(), run_id: z.string(), lease_epoch: z.int() })
  .transform((row) => ({
    tenantId: row.tenant_id,
    runId: row.run_id,
    leaseEpoch: row.lease_epoch,
  }));

/** What has ended is taken only to be resumed, or to have its effects corrected. Index: run_commands_open. */
const MAY_BE_TAKEN = `(status NOT IN ('completed', 'failed', 'canceled') OR EXISTS (
  SELECT 1 FROM run_commands c WHERE c.tenant_id = runs.tenant_id AND c.run_id = runs.run_id
    AND c.kind IN ('resume', 'resolve') AND c.applied_at IS NULL))`;

/** Takes up to `limit` runs that are due and have no owner. SKIP LOCKED keeps claimers from waiting on each other. Index: runs_wake. */
export async function claimDueRuns(
  pool: Pool,
  workerId: string,
  limit: number,
): Promise<ClaimedRun[]> {
  const { rows } = await pool.query(
    `UPDATE runs r SET owner_worker_id = $1, lease_epoch = r.lease_epoch + 1, wake_at = NULL
     FROM (SELECT tenant_id, run_id FROM runs
           WHERE owner_worker_id IS NULL AND wake_at <= now()
             AND ${MAY_BE_TAKEN}
           ORDER BY wake_at LIMIT $2 FOR UPDATE SKIP LOCKED) due
     WHERE r.tenant_id = due.tenant_id AND r.run_id = due.run_id
     RETURNING r.tenant_id, r.run_id, r.lease_epoch`,
    [workerId, limit],
  );
  return z.array(ClaimedRowSchema).parse(rows);
}

/**
 * Takes one run that has no owner, due or not: a command waits for it. A run that has ended is taken only to be
 * resumed. Null where it is owned, ended or unknown.
 */
export async function claimRun(
  pool: Pool,
  workerId: string,
  run: { tenantId: string; runId: string },
): Promise<ClaimedRun | null> {
  const { rows } = await pool.query(
    `UPDATE runs SET owner_worker_id = $1, lease_epoch = lease_epoch + 1, wake_at = NULL
     WHERE tenant_id = $2 AND run_id = $3 AND owner_worker_id IS NULL
       AND ${MAY_BE_TAKEN}
     RETURNING tenant_id, run_id, lease_epoch`,
    [workerId, run.tenantId, run.runId],
  );
  return rows[0] === undefined ? null : ClaimedRowSchema.parse(rows[0]);
}

/** The runs that the database says a worker owns. Index: runs_owned. */
export async function listOwnedRuns(pool: Pool, workerId: string): Promise<ClaimedRun[]> {
  const { rows } = await pool.query(
    "SELECT tenant_id, run_id, lease_epoch FROM runs WHERE owner_worker_id = $1",
    [workerId],
  );
  return z.array(ClaimedRowSchema).parse(rows);
}

export type ParkingRun = {
  tenantId: string;
  runId: string;
  leaseEpoch: number;
  sequence: number;
  wakeAt: number | null;
};

/**
 * Lets go of runs that only wait. A run whose head moved meanwhile keeps its owner; one for which a command arrived
 * meanwhile (its `wake_at` is set while it is owned) is due at once. Answers those that were let go.
 */
export async function parkRuns(
  pool: Pool,
  workerId: string,
  runs: readonly ParkingRun[],
): Promise<ClaimedRun[]> {
  const { rows } = await pool.query(
    `UPDATE runs r SET owner_worker_id = NULL, wake_at = coalesce(r.wake_at, to_timestamp(p.wake_at / 1000))
     FROM unnest($2::text[], $3::text[], $4::int[], $5::int[], $6::float8[]) AS p (tenant_id, run_id, lease_epoch, sequence, wake_at)
     WHERE r.tenant_id = p.tenant_id AND r.run_id = p.run_id AND r.owner_worker_id = $1
       AND r.lease_epoch = p.lease_epoch AND r.head_sequence = p.sequence
     RETURNING r.tenant_id, r.run_id, r.lease_epoch`,
    [
      workerId,
      runs.map((run) => run.tenantId),
      runs.map((run) => run.runId),
      runs.map((run) => run.leaseEpoch),
      runs.map((run) => run.sequence),
      runs.map((run) => run.wakeAt),
    ],
  );
  return z.array(ClaimedRowSchema).parse(rows);
}

/** Hands all runs of a stopping worker back: they are due at once, for whoever is next. Index: runs_owned. */
export async function releaseRunsOf(pool: Pool, workerId: string): Promise<number> {
  const { rowCount } = await pool.query(
    `UPDATE runs SET owner_worker_id = NULL, lease_epoch = lease_epoch + 1, wake_at = now() WHERE owner_worker_id = $1`,
    [workerId],
  );
  return rowCount ?? 0;
}

/** Hands one run back, due at once: this process could not load it. */
export async function releaseRun(pool: Pool, run: ClaimedRun, delayMs: number): Promise<void> {
  await pool.query(
    `UPDATE runs SET owner_worker_id = NULL, wake_at = now() + $4 * interval '1 millisecond'
     WHERE tenant_id = $1 AND run_id = $2 AND lease_epoch = $3`,
    [run.tenantId, run.runId, run.leaseEpoch, delayMs],
  );
}

/**
 * Removes workers that were silent too long, and those that died on this very machine, and makes their runs due. A
 * worker that was only slow finds its epoch outdated with its next write. Answers how many runs were set free.
 */
export async function releaseDeadWorkers(
  pool: Pool,
  options: { deadAfterMs: number; host: string; deadPids: readonly number[] },
): Promise<number> {
  const { rowCount } = await pool.query(
    `WITH dead AS (
       DELETE FROM workers
       WHERE heartbeat_at < now() - $1 * interval '1 millisecond' OR (host = $2 AND pid = ANY ($3::int[]))
       RETURNING worker_id
     )
     UPDATE runs r SET owner_worker_id = NULL, lease_epoch = r.lease_epoch + 1, wake_at = now()
     FROM dead WHERE r.owner_worker_id = dead.worker_id`,
    [options.deadAfterMs, options.host, options.deadPids],
  );
  return rowCount ?? 0;
}

/** Makes runs due whose owner is not even registered any more. Index: runs_owned. */
export async function releaseOwnerless(pool: Pool): Promise<number> {
  const { rowCount } = await pool.query(
    `UPDATE runs r SET owner_worker_id = NULL, lease_epoch = r.lease_epoch + 1, wake_at = now()
     WHERE r.owner_worker_id IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM workers w WHERE w.worker_id = r.owner_worker_id)`,
  );
  return rowCount ?? 0;
}
