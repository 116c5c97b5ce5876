import type { RunState } from "../../core/run-state.ts";
import { loadHistoryUntil } from "../database/checkpoint-loader.ts";
import { PlanCache } from "./plan-cache.ts";
import { restoreRun } from "./restore-run.ts";
import { runNotFound, unknownSkill } from "./runtime-errors.ts";
import type { RuntimeDependencies } from "./runtime-dependencies.ts";

/** Rebuilds the states that runs once had. */
export type CheckpointStates = {
  /**
   * The run's state as of the checkpoint at `sequence`, the caller's own. Throws `invalid_configuration` where a
   * snapshot or the history up to there does not fit its hashes, or there is no checkpoint at `sequence`.
   */
  getState(run: { tenantId: string; runId: string }, sequence: number): Promise<RunState>;
};

/** Reads states from what the journal wrote; runs may go on meanwhile. */
export function createCheckpointStates({
  pool,
  catalogs,
}: Pick<RuntimeDependencies, "pool" | "catalogs">): CheckpointStates {
  const plans = new PlanCache();
  return {
    async getState(run, sequence) {
      const stored = await loadHistoryUntil(pool, run, sequence);
      if (stored === null) throw runNotFound(run.runId);
      const { skillId, skillVersion, events } = stored;
      const found = (await catalogs.getCatalog(run.tenantId)).skill(skillId, skillVersion);
      if (found === null) throw unknownSkill(skillId, skillVersion);
      const last = events.at(-1);
      const headHash = last?.type === "checkpoint.saved" ? last.payload.state_hash : "";
      const plan = plans.planOf(found.skill, found.contentHash);
      return restoreRun(plan, run, { ...stored, headSequence: sequence, headHash }).state;
    },
  };
}
