import { PlanCache } from "./plan-cache.ts";
import { planNewRun } from "./plan-new-run.ts";
import { openPlanPlace, type PlannerSources } from "./plan-place.ts";
import { planResume } from "./plan-resume.ts";
import type { PlannedReplay } from "./planned-replay.ts";
import type { ReplayWish } from "./replay-wish.ts";

export type ReplayPlanner = { plan(wish: ReplayWish): Promise<PlannedReplay> };

/** Plans replays, forks and resumes from what is stored; changes nothing. */
export function createReplayPlanner(deps: PlannerSources): ReplayPlanner {
  const plans = new PlanCache();
  return {
    async plan(wish) {
      const place = await openPlanPlace(deps, plans, wish);
      return wish.operation === "resume" ? planResume(place) : planNewRun(place);
    },
  };
}
