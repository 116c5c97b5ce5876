import { DomainError } from "./errors.ts";
import type { JsonObject } from "./json.ts";
import { flatKeyOf } from "./references.ts";
import type { Plan } from "./run-plan.ts";

/** The variables that a skill writes or reads. */
function varNames(plan: Plan): Set<string> {
  const names = new Set<string>();
  for (const { input, output, condition, router, match, loop } of plan.steps) {
    for (const { target } of output) if (target.namespace === "vars") names.add(flatKeyOf(target));
    const loopReads =
      loop?.kind === "foreach" ? loop.items : loop?.kind === "while" ? loop.condition : null;
    for (const part of [input, condition, router?.on ?? null, match, loopReads]) {
      for (const reference of part?.references ?? []) {
        if (reference.namespace !== "vars") continue;
        names.add(flatKeyOf(reference));
        names.add(reference.path[0] ?? "");
      }
    }
  }
  return names;
}

/** Throws `invalid_request` for values of variables that no step writes or reads. */
export function assertVarNames(plan: Plan, vars: JsonObject): void {
  const wanted = Object.keys(vars);
  if (wanted.length === 0) return;
  const known = varNames(plan);
  const unknown = wanted.filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw new DomainError(
    "invalid_request",
    `${plan.skillId}@${plan.skillVersion} has no variable ${unknown.join(", ")}.`,
    {
      hint:
        known.size === 0
          ? "It has no variables at all."
          : `Its variables are ${[...known].toSorted().slice(0, 50).join(", ")}.`,
      details: { field: "vars", unknown },
    },
  );
}
