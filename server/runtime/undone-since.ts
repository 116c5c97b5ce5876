import { setTimeout as sleep } from "node:timers/promises";
import { isUndo } from "../../core/compensation.ts";
import { placeOfEffect } from "../../core/ids.ts";
import { undoneHere } from "../../core/recorded-results.ts";
import { replayAround } from "../../core/replay-changes.ts";
import type { StepRef } from "../../core/run-events.ts";
import type { RunState } from "../../core/run-state.ts";
import type { Database } from "../database/client.ts";
import { findStanding, isLineageUndoing } from "../database/lineage-repository.ts";
import { EARLIER_CALL_LOOK_MS } from "./durations.ts";
import { findUndoneSteps } from "./find-undone-steps.ts";

type Replaying = Pick<RunState, "tenantId" | "runId" | "lineageRootRunId" | "replay" | "parent">;

/**
 * Whether what stood when a replay was planned stands at this moment: an effect, or, with null, everything that the nested
 * runs of the step at `key` did. What is being undone just now does not.
 */
export async function standsStill(
  pool: Database["pool"],
  run: Replaying,
  { key, effectId }: { key: string; effectId: string | null },
): Promise<boolean> {
  const { tenantId, lineageRootRunId, replay } = run;
  if (effectId !== null) {
    const place = placeOfEffect(effectId);
    const standing = place === null ? null : await findStanding(pool, tenantId, place);
    return standing === null || (!standing.is_undone && !standing.is_undoing);
  }
  if (await isLineageUndoing(pool, tenantId, lineageRootRunId)) return false;
  const known = new Set(replay?.changes?.undone_effects);
  const isNews = (id: string) => !known.has(id);
  const undone = await findUndoneSteps(pool, tenantId, lineageRootRunId, isNews);
  return !undoneHere(undone, replay?.changes).keys.has(key);
}

/**
 * Whether an effect that a run comes by was undone, by a run that it is no part of, after the replay around it was planned.
 * Waits for the end of an undoing that is under way, until `isOver`; one that is not over by then counts as done.
 */
export async function isUndoneSincePlanned(
  pool: Database["pool"],
  run: Replaying,
  { ref, effectId }: { ref: StepRef; effectId: string },
  isOver: () => boolean,
): Promise<boolean> {
  const around = replayAround(run);
  const place = placeOfEffect(effectId);
  if (around === null || place === null || isUndo(ref)) return false;
  if (around.undone_effects?.includes(effectId) === true) return false;
  for (;;) {
    const standing = await findStanding(pool, run.tenantId, place);
    if (standing === null || standing.top_run_id === around.run_id) return false;
    if (standing.is_undone) return true;
    if (!standing.is_undoing || isOver()) return standing.is_undoing;
    await sleep(EARLIER_CALL_LOOK_MS);
  }
}
