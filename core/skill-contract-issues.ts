import { isDeprecated, type Capability } from "./capability.ts";
import type { Fields } from "./field.ts";
import { findClosestName } from "./registry-closest-name.ts";
import type { Pointer } from "./registry-diagnostic.ts";
import { RUNTIME_MANAGED_OUTPUTS } from "./runtime-managed-outputs.ts";
import { stepIssue, type SkillCatalog, type SkillIssue } from "./skill-issue.ts";
import { isWait } from "./skill-wait-issues.ts";
import { parseSkillUse, type Skill, type StepDocument } from "./skill.ts";
import { stepTargets } from "./step-targets.ts";

/** What a step calls, as far as the registry knows it. */
type Contract = { uses: string; inputs: Fields; outputs: Fields };

/** Steps judged against the capabilities and skills they use: existence, deprecation, inputs, outputs. */
export function checkContracts(skill: Skill, catalog: SkillCatalog): SkillIssue[] {
  return skill.steps.flatMap((step, index) => checkStep(step, index, catalog));
}

function checkStep(step: StepDocument, index: number, catalog: SkillCatalog): SkillIssue[] {
  const at = { id: step.id, index };
  const targets = stepTargets(step);
  const issues = targets.flatMap(({ uses, path }) => checkUse(at, uses, path, catalog));
  const contracts = targets.flatMap(({ uses }) => findContract(uses, catalog) ?? []);
  // Where a target is unknown, what it takes and gives is unknown too.
  if (contracts.length < targets.length || contracts.length === 0) return issues;
  return [
    ...issues,
    ...checkInputs(step, index, contracts),
    ...checkOutputs(step, index, contracts),
  ];
}

function checkUse(
  at: { id: string; index: number },
  uses: string,
  path: Pointer,
  catalog: SkillCatalog,
): SkillIssue[] {
  if (isWait(uses, catalog)) return []; // `checkWaits` judges them
  const nested = parseSkillUse(uses);
  if (nested !== null) {
    if (catalog.skill(nested.skillId, nested.version) !== null) return [];
    const version = nested.version === null ? "" : ` ${nested.version}`;
    return [
      stepIssue(at, path, {
        severity: "error",
        code: "unknown_skill",
        message: `Skill ${nested.skillId}${version} is neither in this import nor in the registry.`,
        hint: "Import it in the same import, or correct the id or version.",
      }),
    ];
  }
  const capability = catalog.capability(uses);
  if (capability === null) {
    return [
      stepIssue(at, path, {
        severity: "error",
        code: "unknown_capability",
        message: `Capability ${uses} is neither in this import nor in the registry.`,
        hint: "Import it in the same import, or correct the id.",
      }),
    ];
  }
  return [...checkRenamed(at, uses, path, capability), ...checkDeprecated(at, path, capability)];
}

function checkRenamed(
  at: { id: string; index: number },
  uses: string,
  path: Pointer,
  capability: Capability,
) {
  if (capability.id === uses) return [];
  return [
    stepIssue(at, path, {
      severity: "info",
      code: "renamed_capability",
      message: `${uses} is ${capability.id} in this registry.`,
      hint: `Write uses: ${capability.id}.`,
    }),
  ];
}

function checkDeprecated(at: { id: string; index: number }, path: Pointer, capability: Capability) {
  if (!isDeprecated(capability)) return [];
  const { replacement } = capability;
  return [
    stepIssue(at, path, {
      severity: "warning",
      code: "deprecated_capability",
      message: `Capability ${capability.id} is deprecated.`,
      hint:
        replacement === undefined ? "Choose another capability." : `Use ${replacement} instead.`,
    }),
  ];
}

function findContract(uses: string, catalog: SkillCatalog): Contract | null {
  const nested = parseSkillUse(uses);
  const found =
    nested === null ? catalog.capability(uses) : catalog.skill(nested.skillId, nested.version);
  return found === null ? null : { uses, inputs: found.inputs, outputs: found.outputs };
}

function checkInputs(step: StepDocument, index: number, contracts: Contract[]): SkillIssue[] {
  const at = { id: step.id, index };
  const unknown = Object.keys(step.input).filter((key) =>
    contracts.every(({ inputs }) => !Object.hasOwn(inputs, key)),
  );
  const known = contracts.flatMap(({ inputs }) => Object.keys(inputs));
  const missing = contracts.flatMap(({ uses, inputs }) =>
    Object.entries(inputs)
      .filter(
        ([key, field]) =>
          field.required && field.default === undefined && !Object.hasOwn(step.input, key),
      )
      .map(([key]) => ({ uses, key })),
  );
  return [
    ...unknown.map((key) =>
      stepIssue(at, ["input", key], {
        severity: "warning",
        code: "unknown_input",
        at: "key",
        message: `${namesOf(contracts)} declares no input ${key}.`,
        hint: hintFor(key, known, "inputs"),
      }),
    ),
    ...missing.map(({ uses, key }) =>
      stepIssue(at, ["input"], {
        severity: "error",
        code: "missing_required_input",
        at: "key",
        message: `Step ${step.id} leaves out ${key}, which ${uses} requires.`,
        hint: `Add ${key} to the step's input.`,
      }),
    ),
  ];
}

function checkOutputs(step: StepDocument, index: number, contracts: Contract[]): SkillIssue[] {
  const known = new Set([
    ...contracts.flatMap(({ outputs }) => Object.keys(outputs)),
    ...RUNTIME_MANAGED_OUTPUTS,
  ]);
  // Results that are collected are addressed by alias, and what stands below one is known at run time only.
  if (step.config.scatter?.merge === "collect") return [];
  return Object.keys(step.output)
    .filter((produced) => !/^(vars|inputs|outputs)\./.test(produced))
    .filter((produced) => !known.has(produced) && !known.has(produced.split(".", 1)[0] ?? ""))
    .map((produced) =>
      stepIssue({ id: step.id, index }, ["output", produced], {
        severity: "warning",
        code: "unknown_output",
        at: "key",
        message: `${namesOf(contracts)} declares no output ${produced}; the step fails if it is not produced.`,
        hint: hintFor(produced, known, "outputs"),
      }),
    );
}

function namesOf(contracts: Contract[]): string {
  return contracts.map(({ uses }) => uses).join(" or ");
}

function hintFor(name: string, known: Iterable<string>, noun: string): string {
  const names = [...new Set(known)];
  const closest = findClosestName(name, names);
  if (closest !== null) return `Did you mean ${closest}?`;
  return names.length === 0
    ? `It has no ${noun}.`
    : `Its ${noun} are ${names.slice(0, 20).join(", ")}.`;
}
