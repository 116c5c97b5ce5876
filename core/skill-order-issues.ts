import { stepIssue, type SkillIssue } from "./skill-issue.ts";
import type { Skill } from "./skill.ts";
import { findStepCycle } from "./step-cycle.ts";

/** Duplicate step ids, dependencies on steps that do not exist, steps that wait for each other, joins that cannot be met. */
export function checkStepOrder(skill: Skill): SkillIssue[] {
  const issues = [...checkStepIds(skill), ...checkDependencies(skill), ...checkJoins(skill)];
  if (issues.some((issue) => issue.severity === "error")) return issues; // a cycle through an unknown id says nothing
  return [...issues, ...checkCycle(skill)];
}

function checkStepIds(skill: Skill): SkillIssue[] {
  const firstAt = new Map<string, number>();
  return skill.steps.flatMap(({ id }, index) => {
    const first = firstAt.get(id);
    if (first === undefined) {
      firstAt.set(id, index);
      return [];
    }
    return stepIssue({ id, index }, ["id"], {
      severity: "error",
      code: "duplicate_step_id",
      message: `Steps ${first + 1} and ${index + 1} are both called ${id}.`,
      hint: "Give each step of a skill its own id.",
    });
  });
}

function checkDependencies(skill: Skill): SkillIssue[] {
  const known = new Set(skill.steps.map((step) => step.id));
  return skill.steps.flatMap(({ id, config }, index) =>
    (config.depends_on ?? []).flatMap((dependency, position) =>
      known.has(dependency)
        ? []
        : stepIssue({ id, index }, ["config", "depends_on", position], {
            severity: "error",
            code: "unknown_dependency",
            message: `Step ${id} depends on ${dependency}, which is not a step of this skill.`,
            hint: `The steps are ${[...known].slice(0, 20).join(", ")}.`,
          }),
    ),
  );
}

function checkJoins(skill: Skill): SkillIssue[] {
  return skill.steps.flatMap(({ id, config }, index) => {
    if (typeof config.join !== "object") return [];
    const implicit = skill.config.schedule === "order" && index > 0 ? 1 : 0;
    const branches = config.depends_on === undefined ? implicit : new Set(config.depends_on).size;
    const isUnknown = config.depends_on === undefined && skill.config.schedule === "data";
    if (isUnknown || config.join.n_of_m <= branches) return [];
    return stepIssue({ id, index }, ["config", "join"], {
      severity: "error",
      code: "unreachable_join",
      message: `Step ${id} waits for ${config.join.n_of_m} branches but depends on ${branches}.`,
      hint: "Lower n_of_m, or name more steps in depends_on.",
    });
  });
}

function checkCycle(skill: Skill): SkillIssue[] {
  const indexOf = new Map(skill.steps.map((step, index) => [step.id, index]));
  const isOrdered = skill.config.schedule === "order";
  const dependsOn = skill.steps.map(({ config }, index) => {
    if (config.depends_on === undefined) return isOrdered && index > 0 ? [index - 1] : [];
    return config.depends_on.flatMap((id) => indexOf.get(id) ?? []);
  });
  const cycle = findStepCycle(dependsOn);
  const [first] = cycle;
  const step = first === undefined ? undefined : skill.steps[first];
  if (first === undefined || step === undefined) return [];
  const names = [...cycle, first].map((index) => skill.steps[index]?.id ?? "").join(" → ");
  const path = step.config.depends_on === undefined ? ["id"] : ["config", "depends_on"];
  return [
    stepIssue({ id: step.id, index: first }, path, {
      severity: "error",
      code: "dependency_cycle",
      message: `Steps wait for each other in a circle: ${names}.`,
      hint: "Take one of them out of depends_on. A step without depends_on waits for the step before it.",
    }),
  ];
}
