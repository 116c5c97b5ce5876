import { DomainError } from "../../core/errors.ts";
import { findClosestName } from "../../core/registry-closest-name.ts";

const PLURALS = {
  capability: "capabilities",
  skill: "skills",
  binding: "bindings",
  service: "services",
} as const;

/** The refusal of an id that the tenant's registry does not have; `known` are ids that may have been meant. */
export function registryNotFound(
  noun: keyof typeof PLURALS,
  id: string,
  known: Iterable<string> = [],
): DomainError {
  const closest = findClosestName(id, known);
  return new DomainError("not_found", `There is no ${noun} ${id} in the registry.`, {
    hint:
      closest === null ? `List the ${PLURALS[noun]}, or import it.` : `Did you mean ${closest}?`,
    details: { [`${noun}_id`]: id },
  });
}

/** The refusal of a version or revision that an id which exists does not have. */
export function versionNotFound(
  noun: keyof typeof PLURALS,
  id: string,
  version: string | number,
): DomainError {
  const word = typeof version === "number" ? "revision" : "version";
  return new DomainError("not_found", `The ${noun} ${id} has no ${word} ${version}.`, {
    hint: `List its ${word}s, or leave the ${word} out for the newest one.`,
    details: { [`${noun}_id`]: id, [word]: version },
  });
}
