import { checkContracts } from "./skill-contract-issues.ts";
import { checkControlFlow } from "./skill-control-flow-issues.ts";
import { checkExpressions } from "./skill-expression-issues.ts";
import type { SkillCatalog, SkillIssue } from "./skill-issue.ts";
import { checkStepOrder } from "./skill-order-issues.ts";
import { checkReferences } from "./skill-reference-issues.ts";
import { checkTargets } from "./skill-target-issues.ts";
import { checkWaits } from "./skill-wait-issues.ts";
import type { Skill } from "./skill.ts";

/**
 * Everything that is wrong or doubtful in a skill, judged against what it may use. Pure and total; linear in the
 * size of the skill. A skill without errors compiles (`core/run-plan.ts`).
 */
export function checkSkill(skill: Skill, catalog: SkillCatalog): SkillIssue[] {
  return [
    ...checkStepOrder(skill),
    ...checkControlFlow(skill),
    ...checkExpressions(skill),
    ...checkContracts(skill, catalog),
    ...checkWaits(skill, catalog),
    ...checkReferences(skill),
    ...checkTargets(skill),
  ];
}
