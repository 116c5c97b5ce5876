import type { Database } from "../database/client.ts";
import { SourceResults, type RecordedResults } from "../../core/recorded-results.ts";
import type { RunState } from "../../core/run-state.ts";
import { streamRunEvents } from "../database/event-reader.ts";
import { findUndoneSteps } from "./find-undone-steps.ts";

/**
 * What a replay or fork takes from its source; null for other runs. Reads the source's history once. Whoever takes the run
 * over finds the same as whoever began it: what was chosen and what was undone by then, not what is by now.
 */
export async function loadRecorded(
  pool: Database["pool"],
  { tenantId, sourceRunId, lineageRootRunId, replay, overrides }: ReplayingRun,
): Promise<RecordedResults | null> {
  if (sourceRunId === null || replay === null) return null;
  const { through, changes } = replay;
  const results = new SourceResults(through);
  const until = changes?.known_through ?? through;
  for await (const event of streamRunEvents(pool, { tenantId, runId: sourceRunId })) {
    if (event.sequence > until) break;
    results.add(event);
  }
  const known = new Set(changes?.undone_effects);
  const isKnown = (effectId: string) => known.has(effectId);
  return results.reusable(sourceRunId, {
    replay,
    undone:
      known.size === 0
        ? NOTHING_UNDONE
        : await findUndoneSteps(pool, tenantId, lineageRootRunId, isKnown),
    ...(overrides === undefined ? {} : { overrides }),
  });
}

const NOTHING_UNDONE = { effectIds: new Set<string>(), keys: new Set<string>() };

/** `overrides`: those that it was made with. */
type ReplayingRun = Pick<
  RunState,
  "tenantId" | "sourceRunId" | "lineageRootRunId" | "replay" | "overrides"
>;
