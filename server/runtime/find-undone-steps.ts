import { outermostStepKey } from "../../core/recorded-results.ts";
import type { Database } from "../database/client.ts";
import { listUndonePlaces } from "../database/lineage-repository.ts";

/** The steps and occurrences of a lineage's runs of which some effect was undone, their nested runs' included. */
export async function findUndoneSteps(
  pool: Database["pool"],
  tenantId: string,
  rootRunId: string,
): Promise<ReadonlySet<string>> {
  const places = await listUndonePlaces(pool, tenantId, rootRunId);
  return new Set(places.map((place) => outermostStepKey(place.step_path, place.occurrence)));
}
