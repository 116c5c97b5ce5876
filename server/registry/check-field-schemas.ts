import { DomainError } from "../../core/errors.ts";
import type { Fields } from "../../core/field.ts";
import type { DocumentIssue } from "../../core/registry-diagnostic.ts";
import { compileJsonSchema } from "../runtime/json-schema-check.ts";

/** An error for every field of a capability or skill whose `schema` is not JSON Schema that can be checked against. */
export function checkFieldSchemas({
  inputs,
  outputs,
}: {
  inputs: Fields;
  outputs: Fields;
}): DocumentIssue[] {
  return [...checkSide("inputs", inputs), ...checkSide("outputs", outputs)];
}

function checkSide(side: "inputs" | "outputs", fields: Fields): DocumentIssue[] {
  return Object.entries(fields).flatMap(([name, { schema }]) => {
    if (schema === undefined) return [];
    const problem = findProblem(() => compileJsonSchema(schema, name, `${side}.${name}`));
    if (problem === null) return [];
    const { message, hint } = problem;
    return {
      severity: "error",
      code: "invalid_field",
      pointer: [side, name, "schema"],
      at: "key",
      message,
      hint,
    };
  });
}

function findProblem(compile: () => unknown): { message: string; hint: string } | null {
  try {
    compile();
    return null;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { message: error.message, hint: error.hint ?? "Correct the JSON Schema (2020-12)." };
  }
}
