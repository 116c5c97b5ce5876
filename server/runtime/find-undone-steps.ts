import { effectIdOf } from "../../core/ids.ts";
import { outermostStepKey, type Undone } from "../../core/recorded-results.ts";
import type { Database } from "../database/client.ts";
import { listUndonePlaces } from "../database/lineage-repository.ts";

/** The effects of a lineage's runs that were undone, and where they stood. */
export async function findUndoneSteps(
  pool: Database["pool"],
  tenantId: string,
  rootRunId: string,
): Promise<Undone> {
  const places = await listUndonePlaces(pool, tenantId, rootRunId);
  return {
    effectIds: new Set(places.map((place) => effectIdOf(place.run_id, place.sequence))),
    keys: new Set(places.map((place) => outermostStepKey(place.step_path, place.occurrence))),
  };
}
