import { toCanonicalJson, type Json, type JsonObject } from "../../../../core/json.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { findDifferences } from "./compare-records.ts";
import { readPath } from "./read-path.ts";

/**
 * Compares two lists by `key_field`: records that are equal in both (`matched`), only in one (`only_a`, `only_b`), and
 * those that share the key but differ (`discrepancies` with their fields). The last record of a repeated key counts.
 */
export const reconcileRecords: Builtin = (input) => {
  const given = new InputReader(input);
  const key = given.text("key_field");
  const [byA, byB] = [
    indexBy(given.records("records_a"), key),
    indexBy(given.records("records_b"), key),
  ];
  const matched: JsonObject[] = [];
  const discrepancies: JsonObject[] = [];
  for (const [id, record] of byA) {
    const other = byB.get(id);
    if (other === undefined) continue;
    const differences = findDifferences(record, other);
    if (differences.length === 0) matched.push(record);
    else discrepancies.push({ key: readPath(record, key) ?? null, differences });
  }
  const onlyA = [...byA].filter(([id]) => !byB.has(id)).map(([, record]) => record);
  const onlyB = [...byB].filter(([id]) => !byA.has(id)).map(([, record]) => record);
  return {
    matched,
    only_a: onlyA,
    only_b: onlyB,
    discrepancies,
    status: "ok",
    rationale: `${matched.length} equal, ${discrepancies.length} differ, ${onlyA.length} and ${onlyB.length} on one side only.`,
  };
};

function indexBy(records: readonly JsonObject[], field: string): Map<string, JsonObject> {
  const idOf = (value: Json | undefined) => toCanonicalJson(value ?? null);
  return new Map(records.map((record) => [idOf(readPath(record, field)), record]));
}
