import type { Database } from "../database/client.ts";
import { ResultCollector, type RecordedResults } from "../../core/recorded-results.ts";
import { streamRunEvents } from "../database/event-reader.ts";

/** What a run had brought up to the event `through`. Reads its history once. */
export async function loadRecorded(
  pool: Database["pool"],
  source: { tenantId: string; runId: string },
  through: number,
): Promise<RecordedResults> {
  const collector = new ResultCollector();
  for await (const event of streamRunEvents(pool, source)) {
    if (event.sequence > through) break;
    collector.add(event, event.sequence);
  }
  return { sourceRunId: source.runId, results: collector.results };
}
