import { mergePolicies } from "../../core/policy.ts";
import type { Plan } from "../../core/run-plan.ts";
import type { CatalogSkill, RegistryCatalog } from "../registry/registry-catalog.ts";
import type { CallerPlace } from "./catalog-caller.ts";
import type { PlanCache } from "./plan-cache.ts";
import type { ReplayWish } from "./replay-wish.ts";
import { policySourcesOf, storedPolicyOf } from "./run-policy.ts";
import type { RuntimeDependencies } from "./runtime-dependencies.ts";
import { unknownEnvironment, unknownSkill } from "./runtime-errors.ts";
import { readSourceHistory, type SourceHistory } from "./source-history.ts";

/** What plans are made from. */
export type PlannerSources = Pick<
  RuntimeDependencies,
  "pool" | "catalogs" | "findEnvironment" | "policies" | "availableEnv" | "now"
>;

/** What every plan is made of. */
export type PlanPlace = {
  deps: PlannerSources;
  wish: ReplayWish;
  history: SourceHistory;
  catalog: RegistryCatalog;
  found: CatalogSkill;
  plan: Plan;
  /** Of the source's own version; null where the registry has it no more. */
  sourcePlan: Plan | null;
  /** Where and under what policy its calls would go out. */
  caller: CallerPlace;
};

/** Reads what the plan of a wish needs. Throws `run_not_found`, and `not_found` for an unknown version or environment. */
export async function openPlanPlace(
  deps: PlannerSources,
  plans: PlanCache,
  wish: ReplayWish,
): Promise<PlanPlace> {
  const history = await readSourceHistory(deps.pool, wish);
  const catalog = await deps.catalogs.getCatalog(wish.tenantId);
  const { skill_id: skillId, skill_version: version } = history.created;
  const found = catalog.skill(skillId, wish.version ?? version);
  if (found === null) throw unknownSkill(skillId, wish.version ?? version);
  const source = catalog.skill(skillId, version);
  return {
    deps,
    wish,
    history,
    catalog,
    found,
    plan: plans.planOf(found.skill, found.contentHash),
    sourcePlan: source === null ? null : plans.planOf(source.skill, source.contentHash),
    caller: await callerPlace(deps, wish, history, found),
  };
}

async function callerPlace(
  { findEnvironment, policies, availableEnv }: PlannerSources,
  { tenantId, environment: wished, operation }: ReplayWish,
  { created, events }: SourceHistory,
  { skill }: CatalogSkill,
): Promise<CallerPlace> {
  const name = wished ?? created.environment;
  const environment = await findEnvironment(tenantId, name);
  if (environment === null) throw unknownEnvironment(name);
  const sources = policySourcesOf(environment, skill);
  const policyHash = policyHashIn(events);
  return {
    tenantId,
    environment: name,
    network: { allowPrivate: environment.allowPrivateNetwork },
    policy:
      operation === "resume"
        ? mergePolicies([
            await storedPolicyOf(policies, { tenantId, policyHash }, sources),
            ...sources,
          ])
        : mergePolicies(sources),
    availableEnv,
  };
}

/** Of the policy that a run was under last. */
function policyHashIn(events: SourceHistory["events"]): string | undefined {
  return events.reduce<string | undefined>(
    (hash, { type, payload }) =>
      type === "run.created" || type === "run.resumed" ? (payload.policy_hash ?? hash) : hash,
    undefined,
  );
}
