import type { Capability } from "./capability.ts";
import type { DocumentIssue, Pointer } from "./registry-diagnostic.ts";
import type { Skill } from "./skill.ts";

/** What is wrong in a skill, at a pointer into its document. */
export type SkillIssue = DocumentIssue & { stepId?: string };

/** What a skill may use. Lookups know aliases and former names; a skill without a version is the latest one. */
export type SkillCatalog = {
  capability(id: string): Capability | null;
  skill(id: string, version: string | null): Skill | null;
};

/** An issue of one step; `path` leads from the step to the place. */
export function stepIssue(
  step: { id: string; index: number },
  path: Pointer,
  issue: Omit<DocumentIssue, "pointer">,
): SkillIssue {
  return { ...issue, stepId: step.id, pointer: ["steps", step.index, ...path] };
}
