import { DomainError } from "./errors.ts";
import { parseExpression } from "./expressions.ts";
import { stepIssue, type SkillIssue } from "./skill-issue.ts";
import { stepExpressions } from "./step-expressions.ts";
import type { Skill } from "./skill.ts";

/** Expressions that cannot be read, each with the column inside the expression. */
export function checkExpressions(skill: Skill): SkillIssue[] {
  return skill.steps.flatMap((step, index) =>
    stepExpressions(step).flatMap(({ path, source, locals }) => {
      const problem = findSyntaxError(source, locals);
      if (problem === null) return [];
      return stepIssue({ id: step.id, index }, path, {
        severity: "error",
        code: "expression_syntax",
        ...problem,
      });
    }),
  );
}

function findSyntaxError(
  source: string,
  locals: readonly string[],
): { message: string; hint: string; column?: number } | null {
  try {
    parseExpression(source, locals);
    return null;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const column = error.details?.["column"];
    return {
      message: error.message,
      hint: error.hint ?? "Correct the expression.",
      ...(typeof column === "number" ? { column } : {}),
    };
  }
}
