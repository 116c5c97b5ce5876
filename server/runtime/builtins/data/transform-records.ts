import { isJsonObject, type Json, type JsonObject } from "../../../../core/json.ts";
import { asText } from "../as-text.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { isMatch } from "../table/match-row.ts";
import { fillTemplate } from "../text/render-template.ts";
import { convertValue } from "./convert-value.ts";
import { readPath } from "./read-path.ts";

/**
 * Reshapes records by `mapping`, in this order: `filter` (a row condition) → `rename` `{old: new}` → `compute`
 * `{field: "{{a}}-{{b}}"}` → `coerce` `{field: type}` → `defaults` → `drop` → `select`. Any other key of the mapping is
 * `target: source.path`, and then only those targets remain.
 */
export const transformRecords: Builtin = (input, context) => {
  const given = new InputReader(input);
  const records = given.records("records");
  const mapping = given.object("mapping");
  const kept = records.filter(
    (record) => !isJsonObject(mapping["filter"]) || isMatch(record, mapping["filter"]),
  );
  const out = kept.map((record) => {
    context.signal.throwIfAborted();
    return transformOne(record, mapping);
  });
  return {
    records: out,
    transform_summary: {
      input_count: records.length,
      output_count: out.length,
      filtered_out: records.length - kept.length,
      rules: Object.keys(mapping),
    },
    status: "ok",
    rationale: `Reshaped ${out.length} of ${records.length} records.`,
  };
};

const RULES = new Set([
  "filter",
  "rename",
  "compute",
  "coerce",
  "types",
  "defaults",
  "drop",
  "select",
]);

function transformOne(record: JsonObject, mapping: JsonObject): JsonObject {
  const given = new InputReader(mapping);
  const direct = Object.entries(mapping).filter(([key]) => !RULES.has(key));
  let out: JsonObject =
    direct.length === 0
      ? { ...record }
      : Object.fromEntries(
          direct.map(([target, source]) => [target, readPath(record, asText(source)) ?? null]),
        );
  for (const [from, to] of Object.entries(given.object("rename", {}))) {
    const { [from]: value, ...rest } = out;
    if (value !== undefined) out = { ...rest, [asText(to)]: value };
  }
  for (const [field, template] of Object.entries(given.object("compute", {}))) {
    out[field] = fillTemplate(asText(template), { ...record, ...out }).text;
  }
  for (const [field, type] of Object.entries({
    ...given.object("coerce", {}),
    ...given.object("types", {}),
  })) {
    const value = out[field];
    if (value !== undefined) out[field] = convertValue(value, asText(type), field);
  }
  for (const [field, value] of Object.entries(given.object("defaults", {}))) {
    if (out[field] === undefined || out[field] === null) out[field] = value;
  }
  for (const field of given.texts("drop", [])) delete out[field];
  const select = given.texts("select", []);
  return select.length === 0 ? out : pick(out, select);
}

function pick(record: JsonObject, fields: readonly string[]): JsonObject {
  const entries = fields.map((field): [string, Json] => [field, readPath(record, field) ?? null]);
  return Object.fromEntries(entries);
}
