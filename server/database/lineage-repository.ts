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

/** Lets the ledger rows that a run has written so far hold their keys. Index: the primary key of effects. */
export async function holdKeysOf(pool: Pool, { tenantId, runId }: OneRun): Promise<void> {
  await pool.query(
    `UPDATE effects SET holds_key = true
     WHERE tenant_id = $1 AND run_id = $2 AND NOT holds_key AND status IN ('attempted', 'recorded', 'in_doubt')`,
    [tenantId, runId],
  );
}
