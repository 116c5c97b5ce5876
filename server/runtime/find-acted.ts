import { DeedCollector } from "../../core/acted-effects.ts";
import type { ActedRun } from "../../core/plan-compensation.ts";
import type { Database } from "../database/client.ts";
import { verifiedRunEvents } from "./verified-events.ts";

/**
 * Reads what a run and the runs nested in it did outside from their durable histories. Throws `invalid_configuration`
 * for a damaged one: an undoing is not asked for what nobody vouches for.
 */
export async function findActed(
  pool: Database["pool"],
  tenantId: string,
  runId: string,
): Promise<ActedRun> {
  const collector = new DeedCollector();
  for await (const event of verifiedRunEvents(pool, { tenantId, runId }))
    collector.add(event, event.sequence);
  const { deeds, undone } = collector;
  const nested = new Map<string, ActedRun>();
  for (const deed of deeds) {
    if (deed.kind === "run") nested.set(deed.runId, await findActed(pool, tenantId, deed.runId));
  }
  return { deeds, undone, nested };
}
