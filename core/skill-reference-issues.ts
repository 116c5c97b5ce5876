import { isJsonObject, type Json } from "./json.ts";
import { flatKeyOf, parseReference, type Reference } from "./references.ts";
import type { Pointer } from "./registry-diagnostic.ts";
import { stepIssue, type SkillIssue } from "./skill-issue.ts";
import { stepLocals } from "./step-expressions.ts";
import type { Skill } from "./skill.ts";

/** References that look inside a value, and references to what the skill does not declare or no step writes. */
export function checkReferences(skill: Skill): SkillIssue[] {
  const written = new Set(skill.steps.flatMap((step) => Object.values(step.output)));
  return skill.steps.flatMap((step, index) => {
    const locals = stepLocals(step);
    return [...findReferences(step.input, ["input"], locals)].flatMap(({ pointer, reference }) => {
      const known = findKnown(reference, skill, written);
      const at = { id: step.id, index };
      if (known === "whole" || known === "unchecked") return [];
      return known === "inside"
        ? stepIssue(at, pointer, deepReference(reference))
        : stepIssue(at, pointer, unknownReference(reference));
    });
  });
}

function findKnown(
  reference: Reference,
  skill: Skill,
  written: ReadonlySet<string>,
): "whole" | "inside" | "missing" | "unchecked" {
  const { namespace, path } = reference;
  const [first = ""] = path;
  if (namespace === "inputs") {
    if (Object.hasOwn(skill.inputs, flatKeyOf(reference))) return "whole";
    return Object.hasOwn(skill.inputs, first) ? "inside" : "missing";
  }
  if (namespace !== "vars" && namespace !== "outputs") return "unchecked";
  if (written.has(reference.source)) return "whole";
  return written.has(`${namespace}.${first}`) ? "inside" : "missing";
}

function deepReference(reference: Reference) {
  return {
    severity: "info",
    code: "deep_reference",
    message: `${reference.source} looks inside ${reference.namespace}.${reference.path[0]}.`,
    hint: "It is resolved by walking the path; other runtimes of this format take the whole text as one key.",
  } as const;
}

function unknownReference(reference: Reference) {
  return reference.namespace === "inputs"
    ? ({
        severity: "warning",
        code: "unknown_reference",
        message: `${reference.source} names an input that the skill does not declare, so it is always null.`,
        hint: "Declare the input, or correct the reference.",
      } as const)
    : ({
        severity: "warning",
        code: "unknown_reference",
        message: `No step writes ${reference.source}, so that this step would fail.`,
        hint: "Let an earlier step write it, or correct the reference.",
      } as const);
}

function* findReferences(
  value: Json,
  pointer: Pointer,
  locals: readonly string[],
): Generator<{ pointer: Pointer; reference: Reference }> {
  if (typeof value === "string") {
    const reference = parseReference(value, locals);
    if (reference !== null) yield { pointer, reference };
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries())
      yield* findReferences(item, [...pointer, index], locals);
  } else if (isJsonObject(value)) {
    for (const [key, item] of Object.entries(value))
      yield* findReferences(item, [...pointer, key], locals);
  }
}
