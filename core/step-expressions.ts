import type { StepDocument } from "./skill.ts";

/** One expression of a step: its way from the step, its text, and the names it may use besides the namespaces. */
export type StepExpression = { path: string[]; source: string; locals: readonly string[] };

/** Names of the loop variables of a step, usable in its input and router. */
export function stepLocals(step: StepDocument): readonly string[] {
  const { foreach, while: loop } = step.config;
  if (foreach !== undefined) return [foreach.as, foreach.index_as];
  return loop === undefined ? [] : ["iteration"];
}

/** Every expression of a step. */
export function stepExpressions(step: StepDocument): StepExpression[] {
  const { condition, foreach, while: loop, router, match } = step.config;
  const found: { path: string[]; source: string | undefined; locals: readonly string[] }[] = [
    { path: ["config", "condition"], source: condition, locals: [] },
    { path: ["config", "foreach", "items"], source: foreach?.items, locals: [] },
    { path: ["config", "while", "condition"], source: loop?.condition, locals: ["iteration"] },
    { path: ["config", "router", "on"], source: router?.on, locals: stepLocals(step) },
    { path: ["config", "match"], source: match, locals: ["signal"] },
  ];
  return found.flatMap(({ path, source, locals }) =>
    source === undefined ? [] : { path, source, locals },
  );
}
