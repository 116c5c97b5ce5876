import { effectContractOf, isActing, type Capability } from "./capability.ts";
import { DomainError } from "./errors.ts";
import { compileGate, gateDocumentsOf, type GateDocument, type GatePhase } from "./policy-gate.ts";
import { SCOPE_RULES, TARGET_RULES } from "./policy-rules.ts";
import { findClosestName } from "./registry-closest-name.ts";
import type { DocumentIssue, Pointer } from "./registry-diagnostic.ts";

type FindCapability = (id: string) => Capability | null;

/** What is wrong with a capability's safety rules: words that nobody knows, and gates that cannot be asked. */
export function checkSafety(capability: Capability, find: FindCapability): DocumentIssue[] {
  const { safety } = capability;
  if (safety === undefined) return [];
  return [
    ...checkWords("allowed_targets", safety.allowed_targets ?? [], TARGET_RULES),
    ...checkWords("scope_constraints", safety.scope_constraints ?? [], SCOPE_RULES),
    ...checkGates(capability, "pre_gate", find),
    ...checkGates(capability, "post_gate", find),
  ];
}

function checkWords(
  key: "allowed_targets" | "scope_constraints",
  words: readonly string[],
  known: readonly string[],
): DocumentIssue[] {
  return words.flatMap((word, index) => {
    if (known.includes(word)) return [];
    const closest = findClosestName(word, known);
    return [
      {
        severity: "error",
        code: "invalid_field",
        pointer: ["safety", key, index],
        message: `${key} knows no ${word}, so that no call would be let through.`,
        hint: closest === null ? `Known are ${known.join(", ")}.` : `Did you mean ${closest}?`,
      },
    ];
  });
}

function checkGates(
  capability: Capability,
  phase: GatePhase,
  find: FindCapability,
): DocumentIssue[] {
  const key = phase === "pre_gate" ? "mandatory_pre_gates" : "mandatory_post_gates";
  return gateDocumentsOf(capability, phase).flatMap((gate, index) => {
    const pointer = ["safety", key, index];
    const id = typeof gate === "string" ? gate : gate.capability;
    const place = typeof gate === "string" ? pointer : [...pointer, "capability"];
    const found = find(id);
    const ofCapability = found === null ? [unknownGate(id, place)] : unusableGate(found, place);
    return [...ofCapability, ...checkMapping(gate, phase, found, pointer)];
  });
}

function unknownGate(id: string, pointer: Pointer): DocumentIssue {
  return {
    severity: "error",
    code: "unknown_capability",
    pointer,
    message: `The gate ${id} is neither in this import nor in the registry, so that no call would be let through.`,
    hint: "Import it as well, or correct the id.",
  };
}

function unusableGate(gate: Capability, pointer: Pointer): DocumentIssue[] {
  const { effectClass } = effectContractOf(gate);
  const hasGates = (["pre_gate", "post_gate"] as const).some(
    (phase) => gateDocumentsOf(gate, phase).length > 0,
  );
  const why = isActing(effectClass)
    ? `its effect class is ${effectClass}`
    : hasGates
      ? "it has gates of its own"
      : null;
  if (why === null) return [];
  return [
    {
      severity: "error",
      code: "unusable_gate",
      pointer,
      message: `${gate.id} cannot be a gate: ${why}.`,
      hint: "Name a capability of effect class none or read, without gates.",
    },
  ];
}

/** What the gate's mapping and expression say, held against the gate's own contract. */
function checkMapping(
  gate: GateDocument,
  phase: GatePhase,
  found: Capability | null,
  pointer: Pointer,
): DocumentIssue[] {
  const mapping = typeof gate === "string" ? undefined : gate.input;
  const allowWhen = typeof gate === "string" ? undefined : gate.allow_when;
  try {
    compileGate(gate, phase);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const column = error.details?.["column"];
    const isSyntax = typeof column === "number";
    return [
      {
        severity: "error",
        code: isSyntax ? "expression_syntax" : "unknown_reference",
        pointer: isSyntax ? [...pointer, "allow_when"] : pointer,
        ...(isSyntax ? { column } : {}),
        message: error.message,
        hint: error.hint ?? "Correct the gate.",
      },
    ];
  }
  if (found === null) return [];
  const issues: DocumentIssue[] = [];
  if (allowWhen === undefined && !Object.hasOwn(found.outputs, "allowed")) {
    issues.push({
      severity: "warning",
      code: "unknown_output",
      pointer,
      message: `${found.id} has no output allowed, and the gate has no allow_when, so that it always blocks.`,
      hint: "Add allow_when: an expression over result.",
    });
  }
  if (mapping === undefined) return issues;
  const missing = Object.entries(found.inputs).filter(
    ([name, field]) => field.required && !Object.hasOwn(mapping, name),
  );
  return [
    ...issues,
    ...missing.map(([name]): DocumentIssue => ({
      severity: "error",
      code: "missing_required_input",
      pointer: [...pointer, "input"],
      at: "key",
      message: `The gate's input leaves out ${name}, which ${found.id} requires, so that it always blocks.`,
      hint: `Add ${name} to the gate's input.`,
    })),
  ];
}
