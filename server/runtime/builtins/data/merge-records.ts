import { DomainError } from "../../../../core/errors.ts";
import { isJsonObject, jsonEquals, type Json, type JsonObject } from "../../../../core/json.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";

const STRATEGIES = {
  last_wins: "last",
  deep: "last",
  first_wins: "first",
  concat: "concat",
  concat_arrays: "concat",
  error: "error",
} as const;
type Rule = (typeof STRATEGIES)[keyof typeof STRATEGIES];
type Conflict = { field: string; kept: Json; dropped: Json };

/**
 * Merges `records` into one, maps deeply. Where two disagree, `strategy` decides: `last_wins` (default), `first_wins`,
 * `concat` (lists are joined, else last), `error`. Every disagreement is listed in `conflicts`.
 */
export const mergeRecords: Builtin = (input, context) => {
  const given = new InputReader(input);
  const strategy = given.text("strategy", "last_wins");
  const rule = Object.entries(STRATEGIES).find(([name]) => name === strategy)?.[1];
  if (rule === undefined) {
    throw new DomainError("invalid_request", `There is no merge strategy "${strategy}".`, {
      hint: `Use one of ${Object.keys(STRATEGIES).join(", ")}.`,
    });
  }
  const conflicts: Conflict[] = [];
  let merged: JsonObject = {};
  for (const record of given.records("records")) {
    context.signal.throwIfAborted();
    merged = mergeTwo(merged, record, "", rule, conflicts);
  }
  return {
    record: merged,
    field_count: Object.keys(merged).length,
    conflicts: conflicts.slice(0, 1_000),
    status: "ok",
    rationale: `Merged with ${strategy}; ${conflicts.length} fields disagreed.`,
  };
};

function mergeTwo(
  base: JsonObject,
  over: JsonObject,
  path: string,
  rule: Rule,
  conflicts: Conflict[],
): JsonObject {
  const merged: JsonObject = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const field = path === "" ? key : `${path}.${key}`;
    const old = Object.hasOwn(merged, key) ? merged[key] : undefined;
    if (key === "__proto__") continue;
    if (old === undefined || old === null) merged[key] = value;
    else if (isJsonObject(old) && isJsonObject(value))
      merged[key] = mergeTwo(old, value, field, rule, conflicts);
    else if (!jsonEquals(old, value)) merged[key] = settle(field, old, value, rule, conflicts);
  }
  return merged;
}

function settle(field: string, old: Json, value: Json, rule: Rule, conflicts: Conflict[]): Json {
  if (rule === "concat" && Array.isArray(old) && Array.isArray(value)) return [...old, ...value];
  if (rule === "error") {
    throw new DomainError("invalid_request", `The records disagree on "${field}".`, {
      hint: "Choose last_wins or first_wins.",
      details: { field },
    });
  }
  conflicts.push(
    rule === "first" ? { field, kept: old, dropped: value } : { field, kept: value, dropped: old },
  );
  return rule === "first" ? old : value;
}
