import { checkBinding } from "../../core/registry-binding-issues.ts";
import { checkCapability } from "../../core/registry-capability-issues.ts";
import type { Diagnostic, DocumentIssue } from "../../core/registry-diagnostic.ts";
import { compileSkill } from "../../core/run-plan.ts";
import { DomainError } from "../../core/errors.ts";
import { checkSkill } from "../../core/skill-issues.ts";
import type { Skill } from "../../core/skill.ts";
import { checkDefaults } from "./check-defaults.ts";
import { checkFieldSchemas } from "./check-field-schemas.ts";
import { isFollowUp, type BrokenNames } from "./follow-up-issues.ts";
import type { RegistryCatalog } from "./registry-catalog.ts";
import { toDiagnostic, type RegistryDocument } from "./registry-document.ts";

/** Judges each document against the registry as it would be after the import; what is missed because it is `broken` is not told again. */
export function checkDocuments(
  documents: RegistryDocument[],
  catalog: RegistryCatalog,
  broken: BrokenNames,
): Diagnostic[] {
  return documents.flatMap((document) =>
    checkContent(document, catalog)
      .filter((issue) => !isFollowUp(issue, document.value, broken))
      .map((issue) => toDiagnostic(document, issue)),
  );
}

function checkContent(document: RegistryDocument, catalog: RegistryCatalog): DocumentIssue[] {
  const capability = (id: string) => catalog.capability(id)?.capability ?? null;
  switch (document.kind) {
    case "capability":
      return [
        ...checkCapability(document.capability, capability),
        ...checkFieldSchemas(document.capability),
      ];
    case "skill": {
      const skill = (id: string, version: string | null) =>
        catalog.skill(id, version)?.skill ?? null;
      const issues = [
        ...checkSkill(document.skill, { capability, skill }),
        ...checkFieldSchemas(document.skill),
      ];
      return issues.some(({ severity }) => severity === "error")
        ? issues
        : [...issues, ...checkPlan(document.skill)];
    }
    case "binding":
      return checkBinding(document.binding, {
        capability,
        service: (id) => catalog.service(id)?.service ?? null,
        binding: (id) => catalog.binding(id)?.binding ?? null,
      });
    case "service":
      return [];
    case "default_selection":
      return checkDefaults(document.selection, catalog);
  }
}

/** What only compiling finds: nothing is imported that cannot run. */
function checkPlan(skill: Skill): DocumentIssue[] {
  try {
    compileSkill(skill, "");
    return [];
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const hint = error.hint ?? "Correct the step.";
    return [
      {
        severity: "error",
        code: "invalid_field",
        pointer: ["steps"],
        at: "key",
        message: error.message,
        hint,
      },
    ];
  }
}
