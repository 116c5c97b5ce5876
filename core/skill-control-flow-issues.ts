import { scatterTargets } from "./scatter-targets.ts";
import { stepIssue, type SkillIssue } from "./skill-issue.ts";
import type { Skill, StepDocument } from "./skill.ts";

/** What one step may not combine (`contract.md` §3.14), and names in it that hide each other. */
export function checkControlFlow(skill: Skill): SkillIssue[] {
  return skill.steps.flatMap((step, index) => [
    ...checkExclusivity(step, index),
    ...checkNames(step, index),
  ]);
}

const EXCLUSIVE = [
  ["foreach", "while"],
  ["scatter", "foreach"],
  ["scatter", "while"],
  ["scatter", "router"],
] as const;

function checkExclusivity(step: StepDocument, index: number): SkillIssue[] {
  return EXCLUSIVE.filter(
    ([one, other]) => step.config[one] !== undefined && step.config[other] !== undefined,
  ).map(([one, other]) =>
    stepIssue({ id: step.id, index }, ["config", one], {
      severity: "error",
      code: "exclusive_control_flow",
      at: "key",
      message: `Step ${step.id} has both ${one} and ${other}.`,
      hint: "Split the step in two, or put one of them into a nested skill.",
    }),
  );
}

function checkNames(step: StepDocument, index: number): SkillIssue[] {
  const { foreach, scatter } = step.config;
  const issues: SkillIssue[] = [];
  if (foreach !== undefined && foreach.as === foreach.index_as) {
    issues.push(
      duplicateAlias(step, index, ["config", "foreach", "index_as"], foreach.as, "as and index_as"),
    );
  }
  const seen = new Set<string>();
  for (const [position, target] of scatterTargets(scatter).entries()) {
    if (seen.has(target.alias)) {
      const path = ["config", "scatter", "capabilities", position];
      issues.push(duplicateAlias(step, index, path, target.alias, "two targets of scatter"));
    }
    seen.add(target.alias);
  }
  return issues;
}

function duplicateAlias(
  step: StepDocument,
  index: number,
  path: (string | number)[],
  alias: string,
  who: string,
): SkillIssue {
  return stepIssue({ id: step.id, index }, path, {
    severity: "error",
    code: "duplicate_alias",
    message: `In step ${step.id}, ${who} are both called ${alias}.`,
    hint: "Choose another name; a scatter target takes {as: <name>, uses: <capability>}.",
  });
}
