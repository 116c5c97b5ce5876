import type { CompensationPlan } from "../../core/compensation.ts";
import { planCompensation } from "../../core/plan-compensation.ts";
import type { RunSummary } from "../../core/run-view.ts";
import { compensationIn } from "./compensation-in.ts";
import { findActed } from "./find-acted.ts";
import type { RuntimeDependencies } from "./runtime-dependencies.ts";
import { unknownSkill } from "./runtime-errors.ts";

export type CompensationPlanner = {
  plan(run: { tenantId: string } & RunSummary): Promise<CompensationPlan>;
};

/** Plans what undoing a run would undo, from what is stored; changes nothing. */
export function createCompensationPlanner({
  pool,
  catalogs,
}: Pick<RuntimeDependencies, "pool" | "catalogs">): CompensationPlanner {
  return {
    async plan({ tenantId, run_id: runId, skill_id: skillId, skill_version: version }) {
      const catalog = await catalogs.getCatalog(tenantId);
      const found = catalog.skill(skillId, version);
      if (found === null) throw unknownSkill(skillId, version);
      const { strategy } = found.skill.config.compensation;
      const acted = await findActed(pool, tenantId, runId);
      return planCompensation(acted, strategy, (id) => compensationIn(catalog, id));
    },
  };
}
