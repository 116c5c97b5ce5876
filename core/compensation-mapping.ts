import type { Capability } from "./capability.ts";
import { DomainError } from "./errors.ts";
import type { JsonObject } from "./json.ts";
import { readReference, type Reference } from "./references.ts";
import { makeScope } from "./scope.ts";
import { compileStepTemplate } from "./step-template.ts";

/** What undoes a capability's effect. */
export type Compensation = {
  /** The capability that is called. */
  uses: string;
  references: readonly Reference[];
  /**
   * What it is called with, from what the effect was asked with and what it answered (null where that is not known).
   * Throws DomainError `invalid_request` where the mapping names what is not there.
   */
  inputOf(call: { input: JsonObject; output: JsonObject | null }): JsonObject;
};

/**
 * Compiles `effect.compensation`; null where a capability has none. The mapping names `inputs.<name>` and
 * `outputs.<name>` of the capability that is undone; without a mapping the other one gets the same input.
 */
export function compileCompensation({ effect }: Pick<Capability, "effect">): Compensation | null {
  const document = effect?.compensation;
  if (document === undefined) return null;
  const { capability: uses, input: mapping } = document;
  if (mapping === undefined) return { uses, references: [], inputOf: ({ input }) => input };
  const template = compileStepTemplate(mapping, { locals: [], optionalInputs: new Set() });
  return {
    uses,
    references: template.references,
    inputOf({ input, output }) {
      if (output === null && template.references.some(({ namespace }) => namespace === "outputs")) {
        throw new DomainError("invalid_request", "what it brought is not known");
      }
      const scope = makeScope({ inputs: input, outputs: output ?? {} });
      const resolved = template.resolve(scope);
      // An optional input that was left out stays left out.
      return Object.fromEntries(
        Object.entries(resolved).filter(
          ([key]) => !isAbsentInput(template.references, mapping[key], scope),
        ),
      );
    },
  };
}

function isAbsentInput(
  references: readonly Reference[],
  source: unknown,
  scope: ReturnType<typeof makeScope>,
): boolean {
  const reference = references.find((one) => one.source === source);
  if (reference?.namespace !== "inputs") return false;
  return (readReference(reference, scope) ?? null) === null;
}
