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
