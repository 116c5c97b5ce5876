import type { ErrorObject } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { DomainError } from "../../core/errors.ts";
import type { Json, JsonObject } from "../../core/json.ts";

export type SchemaCheck = (value: Json) => { path: string; problem: string }[] | null;

/**
 * Compiles a JSON Schema (2020-12) to a check that returns null where the value conforms, else each problem
 * with its dotted path under `name`. `place` names the schema in the `invalid_configuration` of a broken one.
 */
export function compileJsonSchema(schema: JsonObject, name: string, place: string): SchemaCheck {
  // One instance per schema: a shared one would let the `$id` of one tenant's schema meet another's.
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true, logger: false });
  addFormats(ajv);
  try {
    const validate = ajv.compile(schema);
    return (value) =>
      validate(value) ? null : (validate.errors ?? []).map((error) => toProblem(error, name));
  } catch (error) {
    throw new DomainError(
      "invalid_configuration",
      `${place} is no valid JSON Schema: ${error instanceof Error ? error.message : String(error)}`,
      {
        hint: "Schemas are JSON Schema 2020-12, complete in themselves: no $ref to other documents.",
      },
    );
  }
}

function toProblem(error: ErrorObject, name: string): { path: string; problem: string } {
  const steps = error.instancePath.split("/").slice(1).map(unescapePointer);
  return { path: [name, ...steps].join("."), problem: describe(error) };
}

function describe({ keyword, message = "is not valid", params }: ErrorObject): string {
  if (keyword === "enum" && Array.isArray(params["allowedValues"])) {
    return `must be one of ${JSON.stringify(params["allowedValues"])}`;
  }
  if (keyword === "additionalProperties")
    return `has the unknown key ${JSON.stringify(params["additionalProperty"])}`;
  return message;
}

function unescapePointer(step: string): string {
  return step.replaceAll("~1", "/").replaceAll("~0", "~");
}
