import type { JsonObject } from "../../../../core/json.ts";
import { asText } from "../as-text.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { readPath } from "./read-path.ts";

/**
 * Renames fields of `record` by `mapping` `{source.path: target}`. Fields that the mapping does not name stay, unless
 * `drop_unmapped`. `unmapped_fields` lists them; a source that is not there is listed in `missing_fields`.
 */
export const mapFields: Builtin = (input) => {
  const given = new InputReader(input);
  const record = given.object("record");
  const mapping = given.object("mapping");
  const rest = Object.keys(record).filter((field) => !Object.hasOwn(mapping, field));
  const out: JsonObject = given.flag("drop_unmapped", false)
    ? {}
    : Object.fromEntries(rest.map((field) => [field, record[field] ?? null]));
  const missing: string[] = [];
  let mapped = 0;
  for (const [source, target] of Object.entries(mapping)) {
    const value = readPath(record, source);
    if (value === undefined) missing.push(source);
    else {
      out[asText(target)] = value;
      mapped += 1;
    }
  }
  return {
    record: out,
    mapped_count: mapped,
    unmapped_fields: rest,
    missing_fields: missing,
    status: missing.length === 0 ? "ok" : "partial",
    rationale:
      missing.length === 0
        ? `Mapped ${mapped} fields.`
        : `Mapped ${mapped} fields; not there: ${missing.join(", ")}.`,
  };
};
