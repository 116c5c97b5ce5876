import type { Pool } from "pg";
import { z } from "zod";
import { RUN_STATUSES } from "../../core/run.ts";

const HeadRowSchema = z
  .object({ run_id: z.string(), head_sequence: z.int(), status: z.enum(RUN_STATUSES) })
  .transform((row) => ({ runId: row.run_id, headSequence: row.head_sequence, status: row.status }));

/** How far the histories of the given runs have come. Index: the primary key. */
export async function listHeads(pool: Pool, runs: readonly { tenantId: string; runId: string }[]) {
  const { rows } = await pool.query(
    `SELECT r.run_id, r.head_sequence, r.status FROM unnest($1::text[], $2::text[]) AS wanted (tenant_id, run_id)
     JOIN runs r ON r.tenant_id = wanted.tenant_id AND r.run_id = wanted.run_id`,
    [runs.map((run) => run.tenantId), runs.map((run) => run.runId)],
  );
  return HeadRowSchema.array().parse(rows);
}
