import type { Database } from "../database/client.ts";
import {
  ResultCollector,
  standingResults,
  type RecordedResults,
} from "../../core/recorded-results.ts";
import { streamRunEvents } from "../database/event-reader.ts";
import { findUndoneSteps } from "./find-undone-steps.ts";

/** What a run had brought up to the event `through`, as far as it was not undone. Reads its history once. */
export async function loadRecorded(
  pool: Database["pool"],
  source: { tenantId: string; runId: string },
  through: number,
): Promise<RecordedResults> {
  const collector = new ResultCollector();
  let rootRunId = source.runId;
  for await (const event of streamRunEvents(pool, source)) {
    if (event.type === "run.created") rootRunId = event.payload.lineage_root_run_id;
    if (event.sequence > through) break;
    collector.add(event, event.sequence);
  }
  const undone = await findUndoneSteps(pool, source.tenantId, rootRunId);
  return { sourceRunId: source.runId, results: standingResults(collector.results, undone) };
}
