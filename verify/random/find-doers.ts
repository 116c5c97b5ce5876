import { z } from "zod";
import { effectIdOf } from "../../core/ids.ts";
import type { Database } from "../../server/database/client.ts";

const DoersSchema = z.array(
  z.object({ idempotency_key: z.string(), run_id: z.string(), sequence: z.int() }),
);

/** By key, the one effect that was done or may have been: the ledger lets one record hold a key at a time. */
export async function findDoers({
  pool,
}: Pick<Database, "pool">): Promise<ReadonlyMap<string, string>> {
  const { rows } = await pool.query(
    `SELECT idempotency_key, run_id, sequence FROM effects
     WHERE status IN ('attempted', 'recorded', 'in_doubt', 'compensated')`,
  );
  return new Map(
    DoersSchema.parse(rows).map((row) => [
      row.idempotency_key,
      effectIdOf(row.run_id, row.sequence),
    ]),
  );
}

/** How often the provider acted for an effect, by what it has heard under the effect's key. */
export function countActs(
  effect: { effect_id: string; idempotency_key: string; status: string },
  titles: readonly string[],
  acts: ReadonlyMap<string, number>,
  doers: ReadonlyMap<string, string>,
): number {
  // A nested run that is begun anew asks under the keys of the one before it, which may have come to nothing.
  const { effect_id: id, idempotency_key: key, status } = effect;
  const isAnothers = (doers.get(key) ?? id) !== id;
  if (isAnothers && (status === "failed" || status === "blocked")) return 0;
  return titles.reduce((sum, title) => sum + (acts.get(title) ?? 0), 0);
}
