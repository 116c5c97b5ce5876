import { DomainError } from "../../../../core/errors.ts";
import { toCanonicalJson, type JsonObject } from "../../../../core/json.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader, MAX_LIST_LENGTH } from "../input-reader.ts";
import { readPath } from "./read-path.ts";

/**
 * Joins two lists by `key_field`: `join_type` is `inner` (default), `left`, `right` or `full`. On equal names the second
 * list's value wins. A record without the key matches nothing. Order: the first list's, then unmatched ones of the second.
 */
export const joinRecords: Builtin = (input, context) => {
  const given = new InputReader(input);
  const key = given.text("key_field");
  const type = given.text("join_type", "inner");
  if (!["inner", "left", "right", "full"].includes(type)) {
    throw new DomainError("invalid_request", `There is no join type "${type}".`, {
      hint: "Use inner, left, right or full.",
    });
  }
  const [listA, listB] = [given.records("records_a"), given.records("records_b")];
  const byKey = Map.groupBy(listB, (record) => keyOf(record, key));
  const usedKeys = new Set<string>();
  const joined: JsonObject[] = [];
  let matched = 0;
  let unmatched = 0;
  for (const record of listA) {
    context.signal.throwIfAborted();
    const id = keyOf(record, key);
    const partners = id === null ? [] : (byKey.get(id) ?? []);
    if (id !== null) usedKeys.add(id);
    for (const partner of partners) joined.push({ ...record, ...partner });
    matched += partners.length;
    if (partners.length === 0) {
      unmatched += 1;
      if (type === "left" || type === "full") joined.push(record);
    }
    if (joined.length > MAX_LIST_LENGTH)
      throw new DomainError(
        "payload_too_large",
        `The join makes more than ${MAX_LIST_LENGTH} records.`,
        { hint: `Is "${key}" unique in one of the lists?` },
      );
  }
  for (const record of listB) {
    const id = keyOf(record, key);
    if (id !== null && usedKeys.has(id)) continue;
    unmatched += 1;
    if (type === "right" || type === "full") joined.push(record);
  }
  return {
    records: joined,
    matched_count: matched,
    unmatched_count: unmatched,
    status: "ok",
    rationale: `Joined ${type} by ${key}.`,
  };
};

function keyOf(record: JsonObject, field: string): string | null {
  const value = readPath(record, field);
  return value === undefined || value === null ? null : toCanonicalJson(value);
}
