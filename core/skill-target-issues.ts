import { DomainError } from "./errors.ts";
import { stepIssue, type SkillIssue } from "./skill-issue.ts";
import type { Skill, StepDocument } from "./skill.ts";
import { parseTarget } from "./targets.ts";

/** Targets that cannot be written, targets written twice without a merge, and skill outputs that no step writes. */
export function checkTargets(skill: Skill): SkillIssue[] {
  return [
    ...skill.steps.flatMap(checkStepTargets),
    ...checkSharedTargets(skill),
    ...checkOutputs(skill),
  ];
}

const READ_ONLY = new Set(["inputs", "frame", "trace"]);

function checkStepTargets(step: StepDocument, index: number): SkillIssue[] {
  const producedBy = new Map<string, string>();
  return Object.entries(step.output).flatMap(([produced, target]) => {
    const at = { id: step.id, index };
    const problem = findTargetProblem(target);
    if (problem !== null)
      return stepIssue(at, ["output", produced], { severity: "error", ...problem });
    const other = producedBy.get(target);
    producedBy.set(target, produced);
    if (other === undefined) return [];
    return stepIssue(at, ["output", produced], {
      severity: "error",
      code: "duplicate_target",
      message: `Step ${step.id} writes both ${other} and ${produced} to ${target}.`,
      hint: "Give each produced key its own target.",
    });
  });
}

function findTargetProblem(target: string) {
  const namespace = target.split(".", 1)[0] ?? "";
  if (READ_ONLY.has(namespace) && target !== namespace) {
    const message = `${target} cannot be written: ${namespace} is read-only.`;
    return {
      code: "read_only_target",
      message,
      hint: "Write to vars.<name> or outputs.<name>.",
    } as const;
  }
  try {
    parseTarget(target);
    return null;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return {
      code: "invalid_target",
      message: error.message,
      hint: error.hint ?? "Write to vars.<name>.",
    } as const;
  }
}

/** Two steps that both write a target by `overwrite` fail at run time, unless a condition keeps one of them from running. */
function checkSharedTargets(skill: Skill): SkillIssue[] {
  const writers = new Map<string, { id: string; isConditional: boolean }>();
  const conditional = findConditionalSteps(skill);
  return skill.steps.flatMap((step, index) =>
    Object.entries(step.output).flatMap(([produced, target]) => {
      const first = writers.get(target);
      const isConditional = conditional.has(step.id);
      if (first === undefined || first.id === step.id) {
        writers.set(target, { id: step.id, isConditional });
        return [];
      }
      if (step.config.merge_strategy !== "overwrite" || first.isConditional || isConditional)
        return [];
      return stepIssue({ id: step.id, index }, ["output", produced], {
        severity: "error",
        code: "duplicate_target",
        message: `Steps ${first.id} and ${step.id} both write ${target}, and the second write would fail.`,
        hint: "Choose another target, or set config.merge_strategy to replace, append or deep_merge.",
      });
    }),
  );
}

/** Steps that may be skipped: by their own condition, or because what they wait for may be. */
function findConditionalSteps(skill: Skill): ReadonlySet<string> {
  const dependants = new Map<string, string[]>();
  skill.steps.forEach((step, index) => {
    const previous = skill.config.schedule === "order" ? skill.steps[index - 1]?.id : undefined;
    for (const id of step.config.depends_on ?? (previous === undefined ? [] : [previous])) {
      const list = dependants.get(id);
      if (list === undefined) dependants.set(id, [step.id]);
      else list.push(step.id);
    }
  });
  const withCondition = skill.steps.filter((step) => step.config.condition !== undefined);
  const conditional = new Set(withCondition.map((step) => step.id));
  for (const id of conditional)
    for (const dependant of dependants.get(id) ?? []) conditional.add(dependant);
  return conditional;
}

function checkOutputs(skill: Skill): SkillIssue[] {
  const written = new Set(
    skill.steps.flatMap((step) =>
      Object.values(step.output).flatMap((target) => {
        const [namespace, name] = target.split(".", 2);
        return namespace === "outputs" && name !== undefined
          ? [name, target.slice("outputs.".length)]
          : [];
      }),
    ),
  );
  return Object.entries(skill.outputs).flatMap(([name, field]) =>
    written.has(name)
      ? []
      : {
          severity: field.required ? ("error" as const) : ("warning" as const),
          code: "output_never_produced" as const,
          pointer: ["outputs", name],
          at: "key" as const,
          message: `No step writes outputs.${name}${field.required ? ", which is required" : ""}.`,
          hint: `Map a step's output to outputs.${name}, or take it out of the skill's outputs.`,
        },
  );
}
