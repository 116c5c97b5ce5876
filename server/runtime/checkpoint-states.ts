import type { RunEvent } from "../../core/run-events.ts";
import type { Plan } from "../../core/run-plan.ts";
import type { RunState } from "../../core/run-state.ts";
import { loadHistoryUntil, type StoredHistory } from "../database/checkpoint-loader.ts";
import { PlanCache } from "./plan-cache.ts";
import { restoreRun } from "./restore-run.ts";
import { unknownSkill } from "./runtime-errors.ts";
import type { RuntimeDependencies } from "./runtime-dependencies.ts";

type OneRun = { tenantId: string; runId: string };

/** A run as of one of its checkpoints. The states are the caller's own. */
export type RebuiltRun = {
  /** The event that tells of the checkpoint. */
  saved: RunEvent;
  state: RunState;
  /** The state as of the checkpoint before; null where this is the first one. */
  getStateBefore(): Promise<RunState | null>;
};

/** Rebuilds the states that runs once had. */
export type CheckpointStates = {
  /**
   * The run as of the checkpoint at `sequence`; null where the tenant's run has none there. Throws
   * `invalid_configuration` where a snapshot or the history up to there does not fit its hashes.
   */
  findRun(run: OneRun, sequence: number): Promise<RebuiltRun | null>;
};

/** Reads states from what the journal wrote; runs may go on meanwhile. */
export function createCheckpointStates({
  pool,
  catalogs,
}: Pick<RuntimeDependencies, "pool" | "catalogs">): CheckpointStates {
  const plans = new PlanCache();

  async function findRun(run: OneRun, sequence: number): Promise<RebuiltRun | null> {
    const stored = await loadHistoryUntil(pool, run, sequence);
    const saved = stored?.events.at(-1);
    if (stored === null || saved?.sequence !== sequence || saved.type !== "checkpoint.saved")
      return null;
    const { skillId, skillVersion } = stored;
    const found = (await catalogs.getCatalog(run.tenantId)).skill(skillId, skillVersion);
    if (found === null) throw unknownSkill(skillId, skillVersion);
    const plan = plans.planOf(found.skill, found.contentHash);
    const { parent_sequence: before } = saved.payload;
    return {
      saved,
      state: restoreUntil(plan, run, stored, sequence),
      async getStateBefore() {
        if (before === undefined) return null;
        if (before > (stored.snapshot?.sequence ?? 0))
          return restoreUntil(plan, run, stored, before);
        return (await findRun(run, before))?.state ?? null;
      },
    };
  }

  return { findRun };
}

/** Folds what is stored up to the checkpoint at `sequence`; anything else there counts as damage. */
function restoreUntil(plan: Plan, run: OneRun, stored: StoredHistory, sequence: number): RunState {
  const events = stored.events.filter((event) => event.sequence <= sequence);
  const last = events.at(-1);
  const headHash = last?.type === "checkpoint.saved" ? last.payload.state_hash : "";
  return restoreRun(plan, run, { ...stored, events, headSequence: sequence, headHash }).state;
}
