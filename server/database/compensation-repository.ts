import { z } from "zod";
import { effectIdOf } from "../../core/ids.ts";
import type { Database } from "./client.ts";

type Pool = Pick<Database, "pool">;

const SequenceRowSchema = z.object({ sequence: z.int() });

/** The effects of a run that were undone, by whichever run, as their sequences. Index: the primary key of effects. */
export async function listCompensated(
  { pool }: Pool,
  tenantId: string,
  runId: string,
): Promise<ReadonlySet<number>> {
  const { rows } = await pool.query(
    "SELECT sequence FROM effects WHERE tenant_id = $1 AND run_id = $2 AND status = 'compensated'",
    [tenantId, runId],
  );
  return new Set(
    z
      .array(SequenceRowSchema)
      .parse(rows)
      .map(({ sequence }) => sequence),
  );
}

const PlaceRowSchema = SequenceRowSchema.extend({ run_id: z.string() });

/**
 * The effect that undoes another one, the last where several tried, or null: of its own run or of one that it is nested
 * in. Indexes: the primary keys of runs and effects.
 */
export async function findCompensating(
  { pool }: Pool,
  tenantId: string,
  effectId: string,
  runId: string,
): Promise<string | null> {
  const { rows } = await pool.query(
    `WITH RECURSIVE up AS (
       SELECT run_id, parent_run_id FROM runs WHERE tenant_id = $1 AND run_id = $2
       UNION ALL
       SELECT r.run_id, r.parent_run_id FROM runs r JOIN up ON r.run_id = up.parent_run_id WHERE r.tenant_id = $1)
     SELECT e.run_id, e.sequence FROM effects e JOIN up ON e.run_id = up.run_id
     WHERE e.tenant_id = $1 AND e.compensates_effect_id = $3
     ORDER BY e.created_at DESC, e.sequence DESC LIMIT 1`,
    [tenantId, runId, effectId],
  );
  const [row] = z.array(PlaceRowSchema).parse(rows);
  return row === undefined ? null : effectIdOf(row.run_id, row.sequence);
}
