import { effectIdOf } from "../../core/ids.ts";
import { outermostStepKey, type Undone } from "../../core/recorded-results.ts";
import { ledgerPathOf } from "../../core/replay-changes.ts";
import type { Database } from "../database/client.ts";
import { listUndonePlaces } from "../database/lineage-repository.ts";
import { readCreation } from "./find-creation.ts";

/**
 * The effects of a lineage's runs that were undone, and where they stood as the ledger's paths name it: what the runs call
 * their steps changes with versions and step maps. `isKnown` leaves out those that are not to count.
 */
export async function findUndoneSteps(
  pool: Database["pool"],
  tenantId: string,
  rootRunId: string,
  isKnown: (effectId: string) => boolean = () => true,
): Promise<Undone> {
  const rows = await listUndonePlaces(pool, tenantId, rootRunId);
  const places = rows
    .map((row) => ({ ...row, effectId: effectIdOf(row.run_id, row.sequence) }))
    .filter(({ effectId }) => isKnown(effectId));
  const keys = new Set<string>();
  for (const [runId, undone] of Map.groupBy(places, (place) => place.run_id)) {
    const { parent = null, replay = null } = await readCreation(pool, tenantId, runId);
    const outer = parent === null ? "" : `${parent.step_path}/`;
    for (const { step_path: path, occurrence } of undone) {
      const around = { parent, replay: replay === null ? null : { changes: replay } };
      keys.add(outermostStepKey(ledgerPathOf(around, path.slice(outer.length)), occurrence));
    }
  }
  return { effectIds: new Set(places.map(({ effectId }) => effectId)), keys };
}
