import { DomainError, toErrorRecord } from "../../core/errors.ts";
import type { JsonObject } from "../../core/json.ts";
import type { RunOptions } from "../../core/run-events.ts";
import type { Plan } from "../../core/run-plan.ts";
import type { RegistryCatalog } from "../registry/registry-catalog.ts";
import { findPrimaryBinding, type CallerPlace } from "./catalog-caller.ts";
import { targetsOf } from "./plan-steps.ts";

/**
 * Which binding each capability of a plan is called through, or why none can be: what a plan's hash holds of bindings
 * and policy. Throws for a chosen binding that is unknown (`not_found`), of another capability (`invalid_request`), or
 * may not be called there (the code says why).
 */
export function bindingsFor(
  catalog: RegistryCatalog,
  place: CallerPlace,
  plan: Plan,
  options: RunOptions,
): JsonObject {
  for (const [capabilityId, bindingId] of Object.entries(options.bindings ?? {})) {
    assertKnown(catalog, capabilityId, bindingId);
    const { first } = findPrimaryBinding(catalog, place, capabilityId, options);
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
  const found: JsonObject = { policy: { ...place.policy } };
  for (const uses of new Set(plan.steps.flatMap(targetsOf))) {
    if (catalog.capability(uses) === null) continue;
    found[uses] = describe(() => findPrimaryBinding(catalog, place, uses, options));
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
