import { effectContractOf, isActing, type Capability } from "./capability.ts";
import { compileCompensation, type Compensation } from "./compensation-mapping.ts";
import { DomainError } from "./errors.ts";
import type { Reference } from "./references.ts";
import { findClosestName } from "./registry-closest-name.ts";
import type { DocumentIssue, Pointer } from "./registry-diagnostic.ts";
import { RUNTIME_MANAGED_OUTPUTS } from "./runtime-managed-outputs.ts";

const BLOCK: Pointer = ["effect", "compensation"];
const MAPPING: Pointer = [...BLOCK, "input"];

/** What is wrong with how a capability says that its effect is undone; that its other capability is unknown is told elsewhere. */
export function checkCompensation(
  capability: Capability,
  find: (id: string) => Capability | null,
): DocumentIssue[] {
  const document = capability.effect?.compensation;
  if (document === undefined) return [];
  const compiled = compile(capability);
  if (compiled === null) return [];
  if ("issue" in compiled) return [compiled.issue];
  const issues: DocumentIssue[] = [];
  const { effectClass } = effectContractOf(capability);
  if (!isActing(effectClass)) {
    issues.push({
      severity: "warning",
      code: "ignored_key",
      pointer: BLOCK,
      at: "key",
      message: `Nothing is ever undone of ${capability.id}: its effect class is ${effectClass}.`,
      hint: "Take the compensation away, or declare effect.class write or external_action.",
    });
  }
  const undoes = find(document.capability);
  if (undoes !== null) issues.push(...checkInputs(capability, document.input, undoes));
  if (document.input === undefined) return issues;
  if (compiled.references.length === 0) {
    issues.push({
      severity: "warning",
      code: "unknown_reference",
      pointer: MAPPING,
      message:
        "The mapping names no input and no output, so that every effect is undone by the same call.",
      hint: "Name what was done, such as outputs.id.",
    });
  }
  for (const reference of compiled.references) {
    issues.push(...checkReference(capability, document.input, reference));
  }
  return issues;
}

function compile(capability: Capability): Compensation | null | { issue: DocumentIssue } {
  try {
    return compileCompensation(capability);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const { message, hint = "Simplify the mapping." } = error;
    return { issue: { severity: "error", code: "invalid_field", pointer: MAPPING, message, hint } };
  }
}

function checkReference(
  { id, inputs, outputs }: Capability,
  mapping: NonNullable<NonNullable<Capability["effect"]>["compensation"]>["input"] & object,
  { namespace, path, source }: Reference,
): DocumentIssue[] {
  const key = Object.keys(mapping).find((name) => mapping[name] === source);
  const pointer = key === undefined ? MAPPING : [...MAPPING, key];
  if (namespace !== "inputs" && namespace !== "outputs") {
    return [
      {
        severity: "error",
        code: "unknown_reference",
        pointer,
        message: `The compensation names ${source}, which it cannot see.`,
        hint: "It can name inputs.<name> and outputs.<name> of the capability that is undone.",
      },
    ];
  }
  const known = Object.keys(namespace === "inputs" ? inputs : outputs);
  const managed: readonly string[] = namespace === "outputs" ? RUNTIME_MANAGED_OUTPUTS : [];
  const [name = ""] = path;
  if (known.includes(name) || managed.includes(name)) return [];
  const closest = findClosestName(name, known);
  return [
    {
      severity: "error",
      code: "unknown_reference",
      pointer,
      message: `${id} declares no ${namespace === "inputs" ? "input" : "output"} ${name}, which its compensation names.`,
      hint:
        closest === null
          ? `Declare it, or name another one.`
          : `Did you mean ${namespace}.${closest}?`,
    },
  ];
}

function checkInputs(
  { id, inputs }: Capability,
  mapping: NonNullable<NonNullable<Capability["effect"]>["compensation"]>["input"],
  undoes: Capability,
): DocumentIssue[] {
  const given = Object.keys(mapping ?? inputs);
  const missing = Object.entries(undoes.inputs).filter(
    ([name, field]) => field.required && !given.includes(name),
  );
  const unknown =
    mapping === undefined ? [] : given.filter((name) => !Object.hasOwn(undoes.inputs, name));
  return [
    ...missing.map(([name]): DocumentIssue => ({
      severity: "error",
      code: "missing_required_input",
      pointer: mapping === undefined ? BLOCK : MAPPING,
      message: `${undoes.id}, which undoes ${id}, requires ${name}, and the compensation leaves it out.`,
      hint: `Map ${name} from inputs or outputs.`,
    })),
    ...unknown.map((name): DocumentIssue => ({
      severity: "warning",
      code: "unknown_input",
      pointer: [...MAPPING, name],
      at: "key",
      message: `${undoes.id} declares no input ${name}.`,
      hint: "Take it away, or correct its name.",
    })),
  ];
}
