import type { Pool } from "pg";
import { z } from "zod";
import { RUN_STATUSES } from "../../core/run.ts";

type OneRun = { tenantId: string; runId: string };

/** Marks the root of a lineage that gets its second run; whoever loads it from now on knows. Answers its status. */
export async function markLineageShared(pool: Pool, { tenantId, runId }: OneRun) {
  const { rows } = await pool.query(
    `UPDATE runs SET is_lineage_shared = true WHERE tenant_id = $1 AND run_id = $2 RETURNING status`,
    [tenantId, runId],
  );
  return rows[0] === undefined
    ? null
    : z.object({ status: z.enum(RUN_STATUSES) }).parse(rows[0]).status;
}

const EffectRowSchema = z.object({
  run_id: z.string(),
  sequence: z.int(),
  idempotency_key: z.string(),
  status: z.enum(["attempted", "recorded", "in_doubt", "compensated"]),
  request_hash: z.string(),
});

/** What the ledger holds of a lineage, failed calls aside. Indexes: runs_lineage and the primary key of effects. */
export async function listLineageEffects(pool: Pool, tenantId: string, rootRunId: string) {
  const { rows } = await pool.query(
    `SELECT e.run_id, e.sequence, e.idempotency_key, e.status, e.request_hash
     FROM effects e JOIN (
       SELECT run_id FROM runs WHERE tenant_id = $1 AND lineage_root_run_id = $2 AND lineage_root_run_id <> run_id
       UNION ALL SELECT $2) lineage ON e.run_id = lineage.run_id
     WHERE e.tenant_id = $1 AND e.status IN ('attempted', 'recorded', 'in_doubt', 'compensated')
     ORDER BY e.created_at, e.run_id, e.sequence`,
    [tenantId, rootRunId],
  );
  return z.array(EffectRowSchema).parse(rows);
}

const PlaceRowSchema = EffectRowSchema.pick({ run_id: true, sequence: true }).extend({
  step_path: z.string(),
  occurrence: z.string(),
});

/** Where effects of a lineage were undone. Indexes: runs_lineage and the primary key of effects. */
export async function listUndonePlaces(pool: Pool, tenantId: string, rootRunId: string) {
  const { rows } = await pool.query(
    `SELECT e.run_id, e.sequence, e.step_path, e.occurrence
     FROM effects e JOIN (
       SELECT run_id FROM runs WHERE tenant_id = $1 AND lineage_root_run_id = $2 AND lineage_root_run_id <> run_id
       UNION ALL SELECT $2) lineage ON e.run_id = lineage.run_id
     WHERE e.tenant_id = $1 AND e.status = 'compensated'`,
    [tenantId, rootRunId],
  );
  return z.array(PlaceRowSchema).parse(rows);
}

const StandingSchema = z.object({
  top_run_id: z.string(),
  is_undone: z.boolean(),
  is_undoing: z.boolean(),
});

/**
 * Whether an effect was undone, or is about to be, as its outermost run (`top_run_id`) undoes what it did. Null for an
 * unknown run. Indexes: the primary keys of runs and effects.
 */
export async function findStanding(
  pool: Pool,
  tenantId: string,
  { runId, sequence }: { runId: string; sequence: number },
) {
  const { rows } = await pool.query(
    `WITH RECURSIVE up AS (
       SELECT run_id, parent_run_id, status FROM runs WHERE tenant_id = $1 AND run_id = $2
       UNION ALL
       SELECT r.run_id, r.parent_run_id, r.status FROM up JOIN runs r ON r.tenant_id = $1 AND r.run_id = up.parent_run_id)
     SELECT up.run_id AS top_run_id,
       COALESCE((SELECT status = 'compensated' FROM effects
         WHERE tenant_id = $1 AND run_id = $2 AND sequence = $3), false) AS is_undone,
       (SELECT bool_or(status = 'compensating') FROM up) AS is_undoing
     FROM up WHERE up.parent_run_id IS NULL`,
    [tenantId, runId, sequence],
  );
  return rows[0] === undefined ? null : StandingSchema.parse(rows[0]);
}

/** True where a run of a lineage, nested ones included, is undoing what it did. Index: runs_lineage. */
export async function isLineageUndoing(
  pool: Pool,
  tenantId: string,
  rootRunId: string,
): Promise<boolean> {
  const { rowCount } = await pool.query(
    `SELECT 1 FROM runs WHERE tenant_id = $1 AND status = 'compensating'
       AND (run_id = $2 OR (lineage_root_run_id = $2 AND lineage_root_run_id <> run_id)) LIMIT 1`,
    [tenantId, rootRunId],
  );
  return rowCount === 1;
}

/** The ids of a lineage's runs, oldest first, at most 1,000. Index: runs_lineage. */
export async function listLineageRunIds(
  pool: Pool,
  tenantId: string,
  rootRunId: string,
): Promise<string[]> {
  const { rows } = await pool.query(
    `SELECT run_id FROM runs WHERE tenant_id = $1
       AND (run_id = $2 OR (lineage_root_run_id = $2 AND lineage_root_run_id <> run_id))
     ORDER BY created_at, run_id LIMIT 1000`,
    [tenantId, rootRunId],
  );
  return z
    .array(z.object({ run_id: z.string() }))
    .parse(rows)
    .map((row) => row.run_id);
}

/** Lets the ledger rows that a run has written so far hold their keys. Index: the primary key of effects. */
export async function holdKeysOf(pool: Pool, { tenantId, runId }: OneRun): Promise<void> {
  await pool.query(
    `UPDATE effects SET holds_key = true
     WHERE tenant_id = $1 AND run_id = $2 AND NOT holds_key AND status IN ('attempted', 'recorded', 'in_doubt', 'compensated')`,
    [tenantId, runId],
  );
}
