import { findClosestName } from "./registry-closest-name.ts";
import type { Pointer } from "./registry-diagnostic.ts";
import { stepIssue, type SkillCatalog, type SkillIssue } from "./skill-issue.ts";
import type { Skill, StepDocument } from "./skill.ts";
import { stepTargets } from "./step-targets.ts";

const EXECUTABLE = ["wait.signal", "wait.timer", "wait.approval"] as const;
const CONTROL_FLOW = ["foreach", "while", "router", "scatter"] as const;

/** Waits that would fail at run time: of a kind that is not there, or where only capabilities and skills can stand. */
export function checkWaits(skill: Skill, catalog: SkillCatalog): SkillIssue[] {
  return skill.steps.flatMap((step, index) => checkStep(step, index, catalog));
}

/** True where `uses` is the engine's own business, or nobody's: no capability of that name is asked for. */
export function isWait(uses: string, catalog: SkillCatalog): boolean {
  if (EXECUTABLE.some((known) => known === uses)) return true;
  return uses.startsWith("wait.") && catalog.capability(uses) === null;
}

function checkStep(step: StepDocument, index: number, catalog: SkillCatalog): SkillIssue[] {
  const around = CONTROL_FLOW.filter((key) => step.config[key] !== undefined);
  const places: { uses: string; path: Pointer }[] = [{ uses: step.uses, path: ["uses"] }];
  for (const target of stepTargets(step)) if (target.path[0] !== "uses") places.push(target);
  return places
    .filter(({ uses }) => isWait(uses, catalog))
    .flatMap(({ uses, path }) => {
      const problem = findKindProblem(uses) ?? findPlaceProblem(step.id, uses, path, around);
      if (problem === null) return [];
      return stepIssue({ id: step.id, index }, path, {
        severity: "error",
        code: "unsupported_wait",
        ...problem,
      });
    });
}

type Problem = { message: string; hint: string };

function findKindProblem(uses: string): Problem | null {
  if (EXECUTABLE.some((known) => known === uses)) return null;
  const closest = findClosestName(uses, EXECUTABLE);
  return {
    message: `There is no ${uses}: steps wait by wait.signal, wait.timer or wait.approval.`,
    hint:
      closest === null
        ? "Write wait.signal, wait.timer or wait.approval."
        : `Did you mean ${closest}?`,
  };
}

function findPlaceProblem(
  stepId: string,
  uses: string,
  path: Pointer,
  around: readonly string[],
): Problem | null {
  if (around.length === 0) return null;
  const message =
    path[0] === "uses"
      ? `Step ${stepId} combines ${uses} with ${around.join(" and ")}, and a wait stands alone.`
      : `${uses} cannot be a target of ${String(path[1])} in step ${stepId}: a wait stands alone.`;
  return {
    message,
    hint: `Put the wait into a skill of its own and name that: uses: skill:<id>.`,
  };
}
