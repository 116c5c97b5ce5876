import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { JsonObjectSchema, type Field } from "../../../core/field.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../core/json.ts";
import type { Skill } from "../../../core/skill.ts";
import { skillExamplesOf } from "../skill-examples.ts";

/** What a tester would type where neither sample nor example has a value, by the name of the input. */
const BY_NAME: JsonObject = {
  text: "Ada met Bob in Paris. They agreed that the harbour opens again on Monday.",
  content: "<html><body><p>The harbour opens again on Monday.</p></body></html>",
  key: "note-1",
  code_a: "let a = 1;\nlet b = 2;\n",
  code_b: "let a = 1;\nlet b = 3;\n",
  diff_text: "--- a/main.ts\n+++ b/main.ts\n@@ -1 +1 @@\n-let b = 2;\n+let b = 3;\n",
  condition: { name: "Alice" },
  policy_gate: { rules: { required_keys: ["change_id"] }, action: "block" },
  schema: { type: "object", required: ["name"] },
};
const BY_TYPE: Record<string, Json> = {
  string: "The harbour opens again on Monday.",
  array: [],
  object: {},
  number: 64,
  integer: 64,
  boolean: true,
};

/**
 * Inputs to run a skill on: its file in test_inputs, else its first example; what is required and still missing is
 * filled in by name and type. `places` are the things outside the registry (a page, a file), which examples can only name.
 */
export function corpusInputs(directory: string, skill: Skill, places: JsonObject): JsonObject {
  const sample = path.join(directory, "test_inputs", `${skill.id.replaceAll(/[.-]/g, "_")}.json`);
  if (existsSync(sample)) return JsonObjectSchema.parse(JSON.parse(readFileSync(sample, "utf8")));
  const inputs: JsonObject = { ...skillExamplesOf(skill.metadata)[0]?.input };
  for (const [name, field] of Object.entries(skill.inputs)) {
    const place = places[name];
    if (place !== undefined) inputs[name] = place;
    else if (field.required && inputs[name] === undefined)
      inputs[name] = valueFor(skill, name, field);
  }
  return inputs;
}

function valueFor(skill: Skill, name: string, field: Field): Json {
  // A text that is held against a schema is data.
  if (name === "text" && skill.inputs["schema"] !== undefined) return '{"name": "Ada", "age": 36}';
  const named = BY_NAME[name];
  const type = field.type ?? "string";
  return named !== undefined && isOfType(named, type) ? named : (BY_TYPE[type] ?? null);
}

/** True where a value has a type of the ORCA format (`origins/orca.md` §1). */
export function isOfType(value: Json | undefined, type: string): boolean {
  if (type === "array") return Array.isArray(value);
  if (type === "object") return isJsonObject(value);
  if (type === "integer") return Number.isInteger(value);
  return typeof value === type;
}
