import { DomainError, toErrorRecord } from "../../core/errors.ts";
import type { JsonObject } from "../../core/json.ts";
import { mergePolicies, type PolicySource } from "../../core/policy.ts";
import type { RunOptions } from "../../core/run-events.ts";
import type { Plan } from "../../core/run-plan.ts";
import type { RegistryCatalog } from "../registry/registry-catalog.ts";
import { findPrimaryBinding } from "./catalog-caller.ts";
import { targetsOf } from "./plan-steps.ts";

/** Where and under what policy the calls of a planned run would go out. */
export type BindingPlace = {
  tenantId: string;
  environment: string;
  allowPrivateNetwork: boolean;
  policies: readonly PolicySource[];
  availableEnv: ReadonlySet<string>;
  options: RunOptions;
};

/**
 * Which binding each capability of a plan is called through, or why none can be: what a plan's hash holds of bindings
 * and policy. Throws for a chosen binding that is unknown (`not_found`), of another capability (`invalid_request`), or
 * may not be called there (the code says why).
 */
export function bindingsFor(
  catalog: RegistryCatalog,
  { options, ...place }: BindingPlace,
  plan: Plan,
  chosen: Readonly<Record<string, string>>,
): JsonObject {
  const policy = mergePolicies(place.policies);
  const caller = {
    ...place,
    network: { allowPrivate: place.allowPrivateNetwork },
    policy,
  };
  const choices =
    Object.keys(chosen).length === 0 ? options : { ...options, bindings: { ...chosen } };
  for (const [capabilityId, bindingId] of Object.entries(chosen)) {
    assertKnown(catalog, capabilityId, bindingId);
    const { first } = findPrimaryBinding(catalog, caller, capabilityId, choices);
    if (first.eligible) continue;
    throw new DomainError(
      first.skipCode ?? "conformance_unmet",
      `Binding ${bindingId} may not be called in ${place.environment}: it ${first.skipReason ?? "is not eligible"}.`,
      {
        hint: "Choose another binding, or another environment.",
        details: { field: "bindings", capability_id: capabilityId, binding_id: bindingId },
      },
    );
  }
  const found: JsonObject = { policy: { ...policy } };
  for (const uses of new Set(plan.steps.flatMap(targetsOf))) {
    if (catalog.capability(uses) === null) continue;
    found[uses] = describe(() => findPrimaryBinding(catalog, caller, uses, choices));
  }
  return found;
}

/** The capabilities of a plan that have several bindings: which one is called first, and all of them. */
export type BindingChoices = {
  capability_id: string;
  binding_id: string | null;
  options: string[];
}[];

/** What may be chosen among, given what `bindingsFor` found. */
export function bindingChoicesOf(
  catalog: RegistryCatalog,
  plan: Plan,
  found: JsonObject,
): BindingChoices {
  const capabilities = new Map(
    plan.steps.flatMap(targetsOf).flatMap((uses) => {
      const entry = catalog.capability(uses);
      return entry === null ? [] : [[entry.capability.id, found[uses]] as const];
    }),
  );
  return [...capabilities].flatMap(([id, place]) => {
    const options = catalog.bindingsOf(id).map(({ binding }) => binding.id);
    const first = typeof place === "string" ? place.replace(/@\d+$/, "") : "";
    const bindingId = options.includes(first) ? first : null;
    return options.length < 2 ? [] : [{ capability_id: id, binding_id: bindingId, options }];
  });
}

function describe(find: () => { bindingId: string; revision: number }): string {
  try {
    const { bindingId, revision } = find();
    return `${bindingId}@${revision}`;
  } catch (error) {
    return toErrorRecord(error).code;
  }
}

function assertKnown(catalog: RegistryCatalog, capabilityId: string, bindingId: string): void {
  const details = { field: "bindings", capability_id: capabilityId, binding_id: bindingId };
  const entry = catalog.capability(capabilityId);
  if (entry?.capability.id !== capabilityId) {
    throw new DomainError("not_found", `The registry has no capability ${capabilityId}.`, {
      hint: "Name the capability by its id.",
      details,
    });
  }
  const binding = catalog.binding(bindingId);
  const own = catalog.bindingsOf(capabilityId).map((each) => each.binding.id);
  if (binding === null) {
    throw new DomainError("not_found", `The registry has no binding ${bindingId}.`, {
      hint: `The bindings of ${capabilityId} are ${own.join(", ")}.`,
      details,
    });
  }
  if (own.includes(bindingId)) return;
  throw new DomainError(
    "invalid_request",
    `Binding ${bindingId} implements ${binding.binding.capability}, not ${capabilityId}.`,
    { hint: `The bindings of ${capabilityId} are ${own.join(", ")}.`, details },
  );
}
