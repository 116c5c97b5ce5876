import { isJsonObject } from "../../../../core/json.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { fillField, readMaterial } from "./fill-schema.ts";

/**
 * Fills `output_schema` from `context_items` by quoting and counting (see `fillField`); `instruction` is not understood. Fields that nothing
 * in the context fills come empty and are named in `warnings`, and the result is `partial`: no language model writes here.
 */
export const generateOutput: Builtin = (input) => {
  const given = new InputReader(input);
  given.text("instruction");
  const items = given.list("context_items");
  const schema = given.object("output_schema");
  const unfilled: string[] = [];
  const material = readMaterial(items);
  const properties = isJsonObject(schema["properties"]) ? schema["properties"] : {};
  const output = Object.fromEntries(
    Object.entries(properties).map(([name, field]) => [
      name,
      fillField(name, isJsonObject(field) ? field : {}, material, unfilled, name),
    ]),
  );
  const warnings = [
    "Filled by quoting and counting: no language model is bound, and the instruction was not interpreted.",
    ...unfilled.map((path) => `Nothing in the context fills "${path}"; it is empty.`),
  ];
  return {
    output,
    warnings,
    coverage: {
      total_items: items.length,
      processed_items: material.readable,
      filled_fields:
        Object.keys(properties).length - unfilled.filter((path) => !path.includes(".")).length,
    },
    status: "partial",
    rationale: warnings[0] ?? "",
  };
};
