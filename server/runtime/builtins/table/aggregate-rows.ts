import { DomainError } from "../../../../core/errors.ts";
import {
  isJsonObject,
  toCanonicalJson,
  type Json,
  type JsonObject,
} from "../../../../core/json.ts";
import { asText } from "../as-text.ts";
import type { Builtin } from "../builtin.ts";
import { readPath } from "../data/read-path.ts";
import { InputReader } from "../input-reader.ts";
import { asNumber, compareValues } from "./match-row.ts";

type Reduce = (cells: readonly Json[]) => Json;

const numbersOf = (cells: readonly Json[]) => cells.map(asNumber).filter((value) => value !== null);
const sumOf = (cells: readonly Json[]) =>
  tidy(numbersOf(cells).reduce((sum, value) => sum + value, 0));
const average: Reduce = (cells) =>
  numbersOf(cells).length === 0 ? null : tidy(sumOf(cells) / numbersOf(cells).length);

/** What a column can be reduced to. Sums and means leave out cells that are no numbers; without any, a mean is null. */
export const AGGREGATES: Readonly<Record<string, Reduce>> = {
  sum: sumOf,
  avg: average,
  mean: average,
  min: (cells) => [...filled(cells)].sort(compareValues)[0] ?? null,
  max: (cells) => [...filled(cells)].sort(compareValues).at(-1) ?? null,
  count: (cells) => filled(cells).length,
  count_distinct: (cells) => new Set(filled(cells).map(toCanonicalJson)).size,
  median: (cells) => medianOf(numbersOf(cells)),
  first: (cells) => cells[0] ?? null,
};

/**
 * Reduces columns: `aggregations` are `{column, function|op|operation, as?}`, named `column_function` unless `as`.
 * `group_by` (a column or a list of them) gives one result per value, in order of first appearance; without it, one result.
 */
export const aggregateRows: Builtin = (input) => {
  const given = new InputReader(input);
  const rows = given.records("table");
  const wanted = given.records("aggregations").map(readAggregation);
  const groupBy = Array.isArray(given.json("group_by"))
    ? given.texts("group_by")
    : given.has("group_by")
      ? [given.text("group_by")]
      : [];
  const groups = Map.groupBy(rows, (row) =>
    toCanonicalJson(groupBy.map((column) => readPath(row, column) ?? null)),
  );
  if (groupBy.length === 0 && rows.length === 0) groups.set("[]", []);
  const results = [...groups.values()].map((group): JsonObject => {
    const keys = groupBy.map((column): [string, Json] => [
      column,
      readPath(group[0] ?? {}, column) ?? null,
    ]);
    const values = wanted.map(({ column, reduce, name }): [string, Json] => [
      name,
      reduce(group.map((row) => (column === "*" ? true : (readPath(row, column) ?? null)))),
    ]);
    return Object.fromEntries([...keys, ...values]);
  });
  return {
    results,
    row_count: rows.length,
    group_count: results.length,
    status: "ok",
    rationale: `Reduced ${rows.length} rows to ${results.length}.`,
  };
};

function readAggregation(entry: JsonObject): { column: string; name: string; reduce: Reduce } {
  const named = asText(
    entry["function"] ?? entry["op"] ?? entry["operation"] ?? entry["agg"] ?? "count",
  ).toLowerCase();
  const column = asText(entry["column"] ?? entry["field"] ?? "*");
  const reduce = Object.hasOwn(AGGREGATES, named) ? AGGREGATES[named] : undefined;
  if (reduce === undefined) {
    throw new DomainError(
      "invalid_request",
      `There is no aggregate "${named}" (for column "${column}").`,
      { hint: `Use one of ${Object.keys(AGGREGATES).join(", ")}.` },
    );
  }
  const alias = entry["as"] ?? entry["alias"];
  return {
    column,
    reduce,
    name: typeof alias === "string" ? alias : column === "*" ? named : `${column}_${named}`,
  };
}

function filled(cells: readonly Json[]): Json[] {
  return cells.filter(
    (cell) =>
      cell !== null && !(isJsonObject(cell) && Object.keys(cell).length === 0) && cell !== "",
  );
}

/** The middle value; null without values. */
export function medianOf(numbers: readonly number[]): number | null {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  if (upper === undefined) return null;
  return sorted.length % 2 === 1 ? upper : tidy(((sorted[middle - 1] ?? upper) + upper) / 2);
}

/** Takes the noise of binary fractions out of a sum (0.1 + 0.2), keeping twelve digits. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}
