import { toCanonicalJson } from "../../../../core/json.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { readPath } from "./read-path.ts";

/** Keeps the first record of each value of `key_fields` (of the whole record without them); `duplicates` counts what went. */
export const deduplicateRecords: Builtin = (input) => {
  const given = new InputReader(input);
  const records = given.records("records");
  const fields = given.texts("key_fields", []);
  const seen = new Set<string>();
  const kept = records.filter((record) => {
    const key = toCanonicalJson(
      fields.length === 0 ? record : fields.map((field) => readPath(record, field) ?? null),
    );
    return !seen.has(key) && seen.add(key);
  });
  return {
    records: kept,
    duplicates: records.length - kept.length,
    status: "ok",
    rationale: `Dropped ${records.length - kept.length} of ${records.length} records.`,
  };
};
