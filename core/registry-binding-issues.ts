import type { Binding, Service } from "./binding.ts";
import { effectContractOf, isActing, type Capability } from "./capability.ts";
import { isJsonObject, type Json } from "./json.ts";
import { findClosestName } from "./registry-closest-name.ts";
import type { DocumentIssue, Pointer } from "./registry-diagnostic.ts";
import { PROBED_KEY } from "./status-probe.ts";
import { RUNTIME_MANAGED_OUTPUTS } from "./runtime-managed-outputs.ts";

/** What a binding refers to. Capability lookups know aliases and former names. */
export type BindingCatalog = {
  capability(id: string): Capability | null;
  service(id: string): Service | null;
  binding(id: string): Binding | null;
};

/** A binding judged against its capability, its service and its fallback. Pure and total. */
export function checkBinding(binding: Binding, catalog: BindingCatalog): DocumentIssue[] {
  const capability = catalog.capability(binding.capability);
  return [
    ...(capability === null ? [unknownCapability(binding)] : checkContract(binding, capability)),
    ...checkService(binding, catalog.service(binding.service)),
    ...checkFallback(binding, catalog),
  ];
}

function unknownCapability(binding: Binding): DocumentIssue {
  return {
    severity: "error",
    code: "unknown_capability",
    pointer: ["capability"],
    message: `Capability ${binding.capability} is neither in this import nor in the registry.`,
    hint: "Import it in the same import, or correct the id.",
  };
}

function checkContract(binding: Binding, capability: Capability): DocumentIssue[] {
  const isRenamed = capability.id !== binding.capability;
  const renamed: DocumentIssue = {
    severity: "info",
    code: "renamed_capability",
    pointer: ["capability"],
    message: `${binding.capability} is ${capability.id} in this registry.`,
    hint: `Write capability: ${capability.id}.`,
  };
  return [
    ...(isRenamed ? [renamed] : []),
    ...checkResponse(binding.response, ["response"], capability),
    ...checkRequest(binding.request, ["request"], capability),
    ...checkProbe(binding, capability),
  ];
}

/** The probe of a call that acts, which can tell what it finds. */
function checkProbe({ status_probe: probe }: Binding, capability: Capability): DocumentIssue[] {
  if (probe === undefined) return [];
  const pointer: Pointer = ["status_probe"];
  const unusable = (more: Pick<DocumentIssue, "severity" | "message" | "hint">): DocumentIssue => ({
    code: "unusable_probe",
    pointer,
    at: "key",
    ...more,
  });
  const both = probe.happened.filter((value) => probe.not_happened.includes(value));
  const names = findInputs(probe.request, []);
  const asksAboutCall =
    JSON.stringify(probe.request).includes(PROBED_KEY) || names.next().done !== true;
  return [
    ...(both.length === 0
      ? []
      : [
          unusable({
            severity: "error",
            message: `${JSON.stringify(both[0])} means that the call happened and that it did not.`,
            hint: "Name each value in happened or in not_happened.",
          }),
        ]),
    ...(asksAboutCall
      ? []
      : [
          unusable({
            severity: "warning",
            message: "The probe's request names neither the call's key nor any of its inputs.",
            hint: `Pass ${PROBED_KEY} or what the provider knows the call by.`,
          }),
        ]),
    ...(isActing(effectContractOf(capability).effectClass)
      ? []
      : [
          unusable({
            severity: "warning",
            message: `${capability.id} does not act, so that its calls are never in doubt.`,
            hint: "Leave the probe out.",
          }),
        ]),
    ...checkRequest(probe.request, [...pointer, "request"], capability),
    ...(probe.response === undefined
      ? []
      : checkResponse(probe.response, [...pointer, "response"], capability)),
  ];
}

function checkResponse(
  response: Binding["response"],
  pointer: Pointer,
  capability: Capability,
): DocumentIssue[] {
  const managed: readonly string[] = RUNTIME_MANAGED_OUTPUTS;
  const outputs = Object.keys(capability.outputs);
  const unmapped = Object.entries(capability.outputs).filter(
    ([name, field]) => field.required && !managed.includes(name) && !Object.hasOwn(response, name),
  );
  const unknown = Object.keys(response).filter(
    (name) => !outputs.includes(name) && !managed.includes(name),
  );
  return [
    ...unmapped.map(([name]): DocumentIssue => ({
      severity: "warning",
      code: "binding_output_unmapped",
      pointer,
      at: "key",
      message: `The response leaves out ${name}, which ${capability.id} requires, so that calls fail.`,
      hint: `Add ${name}: response.<path> to the response.`,
    })),
    ...unknown.map((name): DocumentIssue => ({
      severity: "warning",
      code: "unknown_output",
      pointer: [...pointer, name],
      at: "key",
      message: `${capability.id} declares no output ${name}.`,
      hint: hintFor(name, outputs),
    })),
  ];
}

function checkRequest(
  request: Binding["request"],
  at: Pointer,
  capability: Capability,
): DocumentIssue[] {
  const inputs = Object.keys(capability.inputs);
  return [...findInputs(request, at)]
    .filter(({ name }) => !inputs.includes(name))
    .map(({ name, pointer }) => ({
      severity: "warning",
      code: "unknown_input",
      pointer,
      message: `${capability.id} declares no input ${name}.`,
      hint: hintFor(name, inputs),
    }));
}

function* findInputs(value: Json, pointer: Pointer): Generator<{ name: string; pointer: Pointer }> {
  if (typeof value === "string") {
    const whole = /^input\.([^.]+)/.exec(value);
    for (const match of whole === null ? value.matchAll(/\$\{input\.([^.}]+)/g) : [whole]) {
      if (match[1] !== undefined) yield { name: match[1], pointer };
    }
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* findInputs(item, [...pointer, index]);
  } else if (isJsonObject(value)) {
    for (const [key, item] of Object.entries(value)) yield* findInputs(item, [...pointer, key]);
  }
}

function checkService(binding: Binding, service: Service | null): DocumentIssue[] {
  if (service === null) {
    return [
      {
        severity: "error",
        code: "unknown_service",
        pointer: ["service"],
        message: `Service ${binding.service} is neither in this import nor in the registry.`,
        hint: "Import it in the same import, or correct the id.",
      },
    ];
  }
  if (service.kind === binding.protocol) return [];
  return [
    {
      severity: "error",
      code: "protocol_mismatch",
      pointer: ["protocol"],
      message: `The binding speaks ${binding.protocol}, but service ${service.id} is of kind ${service.kind}.`,
      hint: `Write protocol: ${service.kind}, or choose another service.`,
    },
  ];
}

function checkFallback(binding: Binding, catalog: BindingCatalog): DocumentIssue[] {
  const fallbackId = binding.metadata.fallback_binding_id;
  if (fallbackId === undefined) return [];
  const fallback = catalog.binding(fallbackId);
  const idOf = (id: string) => catalog.capability(id)?.id ?? id;
  if (fallback !== null && idOf(fallback.capability) === idOf(binding.capability)) return [];
  return [
    {
      severity: "warning",
      code: "unknown_binding",
      pointer: ["metadata", "fallback_binding_id"],
      message:
        fallback === null
          ? `Fallback ${fallbackId} is neither in this import nor in the registry.`
          : `Fallback ${fallbackId} is a binding of ${fallback.capability} and is never taken here.`,
      hint: `Name another binding of ${binding.capability}.`,
    },
  ];
}

function hintFor(name: string, known: string[]): string {
  const closest = findClosestName(name, known);
  if (closest !== null) return `Did you mean ${closest}?`;
  return known.length === 0
    ? "The capability declares none."
    : `Declared are ${known.slice(0, 20).join(", ")}.`;
}
