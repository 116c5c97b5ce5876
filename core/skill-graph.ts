import type { Reference } from "./references.ts";
import type { Plan, PlanStep } from "./run-plan.ts";
import type { SkillGraph } from "./run-view.ts";
import type { Skill } from "./skill.ts";

/** The shape of a skill for pictures, from the skill and its plan. */
export function toSkillGraph(skill: Skill, plan: Plan): SkillGraph {
  return {
    skill_id: plan.skillId,
    skill_version: plan.skillVersion,
    steps: plan.steps.map((step) => toGraphStep(step, plan, skill.steps[step.index])),
  };
}

function toGraphStep(
  step: PlanStep,
  plan: Plan,
  document: Skill["steps"][number] | undefined,
): SkillGraph["steps"][number] {
  const { router } = step;
  const join = document?.config.join ?? "all";
  return {
    step_id: step.id,
    uses: step.uses,
    kind: step.kind,
    depends_on: step.dependsOn.flatMap((index) => plan.steps[index]?.id ?? []),
    condition: step.condition?.source ?? null,
    loop: step.loop?.kind ?? null,
    router:
      router === null
        ? null
        : { on: router.on.source, cases: { ...router.cases }, default: router.default },
    join: typeof join === "string" ? join : `${join.n_of_m} of ${step.dependsOn.length}`,
    writes: [...new Set(step.output.map(({ target }) => target.source))],
    reads: [...new Set(referencesOf(step).map(({ source }) => source))],
  };
}

/** All that a step reads: its input, and what decides whether, how often and where it runs. */
function referencesOf({ input, condition, router, loop }: PlanStep): readonly Reference[] {
  const repeats =
    loop?.kind === "foreach" ? loop.items : loop?.kind === "while" ? loop.condition : null;
  return [input, condition, router?.on, repeats].flatMap((part) => part?.references ?? []);
}
