import type { PlanCache } from "./plan-cache.ts";
import { createReplayPlanner } from "./replay-planner.ts";
import { resumeWish } from "./replay-wish.ts";
import { findSkillParts } from "./run-parts.ts";
import { resumePolicyOf } from "./run-policy.ts";
import type { RunWorld } from "./run-world.ts";
import type { RuntimeDependencies } from "./runtime-dependencies.ts";

/** Finds the terms on which a run would be resumed as its history stands: today's policy, and the plan where it is asked for. */
export function createResumeTerms(
  deps: RuntimeDependencies,
  plans: PlanCache,
): RunWorld["findResumeTerms"] {
  const planner = createReplayPlanner(deps);
  return async ({ plan, state }, { overrides, isPlanned }) => {
    const { tenantId, runId, environment } = state;
    const { policies, callerUnder } = await findSkillParts(deps, plans, {
      tenantId,
      skillId: plan.skillId,
      version: plan.skillVersion,
      environment,
    });
    const { policy, policyHash } = await resumePolicyOf(deps.policies, state, policies);
    const wish = resumeWish({ tenantId, runId }, overrides);
    const planHash = isPlanned ? (await planner.plan(wish)).planHash : null;
    return { caller: callerUnder(policy), policyHash, planHash };
  };
}
