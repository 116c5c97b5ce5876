import { Ajv2020 } from "ajv/dist/2020.js";
import addFormatsModule from "ajv-formats";
import { DomainError } from "../../../../core/errors.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";

const addFormats = addFormatsModule.default;
const MAX_SCHEMA_LENGTH = 200_000;

/**
 * Checks `data` against a JSON Schema (2020-12). `errors` are `{path, message, keyword}`, at most 100; a schema
 * that is itself wrong, or holds a reference outside itself, is `invalid_request`.
 */
export const validateSchema: Builtin = (input) => {
  const given = new InputReader(input);
  const schema = given.object("schema");
  if (JSON.stringify(schema).length > MAX_SCHEMA_LENGTH) {
    throw new DomainError(
      "payload_too_large",
      `The schema is longer than ${MAX_SCHEMA_LENGTH} characters.`,
    );
  }
  const ajv = new Ajv2020({ allErrors: true, strict: false, validateFormats: true, logger: false });
  addFormats(ajv);
  const validate = compile(ajv, schema);
  const isValid = validate(given.json("data")) === true;
  const errors = (validate.errors ?? []).slice(0, 100).map((error) => ({
    path: error.instancePath === "" ? "/" : error.instancePath,
    message: `${error.instancePath === "" ? "The value" : error.instancePath} ${error.message ?? "is not valid"}.`,
    keyword: error.keyword,
  }));
  return {
    valid: isValid,
    errors,
    status: "ok",
    rationale: isValid
      ? "The data fits the schema."
      : `The data breaks the schema in ${errors.length} places.`,
  };
};

function compile(ajv: Ajv2020, schema: object): ReturnType<Ajv2020["compile"]> {
  try {
    return ajv.compile(schema);
  } catch (error) {
    throw new DomainError("invalid_request", "The schema is not a valid JSON Schema (2020-12).", {
      hint: error instanceof Error ? error.message.slice(0, 200) : "Check the schema's keywords.",
      cause: error,
    });
  }
}
