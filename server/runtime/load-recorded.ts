import type { Database } from "../database/client.ts";
import { SourceResults, type RecordedResults } from "../../core/recorded-results.ts";
import type { RunState } from "../../core/run-state.ts";
import { streamRunEvents } from "../database/event-reader.ts";
import { findUndoneSteps } from "./find-undone-steps.ts";

/** What a replay or fork takes from its source; null for other runs. Reads the source's history once. */
export async function loadRecorded(
  pool: Database["pool"],
  { tenantId, sourceRunId, lineageRootRunId, replay, overrides }: ReplayingRun,
): Promise<RecordedResults | null> {
  if (sourceRunId === null || replay === null) return null;
  const results = new SourceResults(replay.through);
  const until = replay.changes?.known_through ?? replay.through;
  for await (const event of streamRunEvents(pool, { tenantId, runId: sourceRunId })) {
    if (event.sequence > until) break;
    results.add(event);
  }
  return results.reusable(sourceRunId, {
    replay,
    undone: await findUndoneSteps(pool, tenantId, lineageRootRunId),
    ...(overrides === undefined ? {} : { overrides }),
  });
}

type ReplayingRun = Pick<
  RunState,
  "tenantId" | "sourceRunId" | "lineageRootRunId" | "replay" | "overrides"
>;
