import { evaluatePredicate } from "../../../../core/branch-predicates.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../../core/json.ts";
import { asText } from "../as-text.ts";
import type { BuiltinContext } from "../builtin.ts";
import { readPath } from "../data/read-path.ts";
import { validateSchema } from "../data/validate-schema.ts";
import { InputReader } from "../input-reader.ts";
import { isEmpty } from "../evaluation/score-output.ts";
import { asNumber } from "../table/match-row.ts";

/** One broken rule: which, at which field, in words. */
export type Violation = { rule: string; field: string; message: string };

const KNOWN = new Set([
  "required_keys",
  "required_fields",
  "forbidden_keys",
  "forbidden_fields",
  "max_values",
  "min_values",
  "allowed_values",
  "predicates",
  "schema",
]);

/**
 * What `payload` breaks of a set of rules: `required_keys`, `forbidden_keys`, `max_values`/`min_values` `{field: number}`,
 * `allowed_values` `{field: [..]}`, `predicates` (each must hold), `schema` (JSON Schema). A missing field breaks a limit on it. A
 * rule of any other name is itself reported (`unknown_rule`), so that a misspelled rule never passes silently.
 */
export async function findViolations(
  payload: JsonObject,
  rules: JsonObject,
  context: BuiltinContext,
): Promise<Violation[]> {
  const given = new InputReader(rules);
  const found: Violation[] = [];
  const add = (rule: string, field: string, message: string) =>
    found.push({ rule, field, message });
  const keys = (first: string, second: string) => [
    ...given.texts(first, []),
    ...given.texts(second, []),
  ];
  for (const field of keys("required_keys", "required_fields")) {
    if (isEmpty(readPath(payload, field) ?? null)) add("required", field, `"${field}" is missing.`);
  }
  for (const field of keys("forbidden_keys", "forbidden_fields")) {
    if (readPath(payload, field) !== undefined || hasLabel(payload, field))
      add("forbidden", field, `"${field}" may not be there.`);
  }
  for (const [field, limit] of Object.entries(given.object("max_values", {}))) {
    if (!(numberAt(payload, field) <= numberOf(limit)))
      add("max_value", field, `"${field}" must be at most ${asText(limit)}.`);
  }
  for (const [field, limit] of Object.entries(given.object("min_values", {}))) {
    if (!(numberAt(payload, field) >= numberOf(limit)))
      add("min_value", field, `"${field}" must be at least ${asText(limit)}.`);
  }
  for (const [field, allowed] of Object.entries(given.object("allowed_values", {}))) {
    const value = readPath(payload, field) ?? null;
    if (!Array.isArray(allowed) || !allowed.some((item) => asText(item) === asText(value)))
      add("allowed_value", field, `"${field}" must be one of ${asText(allowed)}.`);
  }
  for (const predicate of given.texts("predicates", [])) {
    if (!evaluatePredicate(predicate, payload))
      add("predicate", predicate, `It does not hold that ${predicate}.`);
  }
  if (given.has("schema")) {
    const { errors } = await validateSchema(
      { data: payload, schema: given.object("schema") },
      context,
    );
    for (const error of Array.isArray(errors) ? errors : [])
      if (isJsonObject(error)) add("schema", asText(error["path"]), asText(error["message"]));
  }
  for (const name of Object.keys(rules))
    if (!KNOWN.has(name)) add("unknown_rule", name, `There is no rule "${name}".`);
  return found;
}

function hasLabel(payload: JsonObject, label: string): boolean {
  const labels = payload["labels"] ?? payload["tags"];
  return Array.isArray(labels) && labels.includes(label);
}

function numberAt(payload: JsonObject, field: string): number {
  return numberOf(readPath(payload, field) ?? null);
}

function numberOf(value: Json): number {
  return asNumber(value) ?? Number.NaN;
}
