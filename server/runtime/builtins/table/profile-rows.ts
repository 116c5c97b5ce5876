import { toCanonicalJson, type Json, type JsonObject } from "../../../../core/json.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { asNumber, compareValues } from "./match-row.ts";
import { columnsOf } from "./render-csv.ts";

/**
 * Describes each column of `table`: type, filled and empty cells, distinct values, smallest and largest; and the issues
 * a person would look at: empty cells, mixed types, repeated rows, values that never change. `quality_score` is the share of
 * cells that are filled and of their column's commonest type, less the share of repeated rows.
 */
export const profileRows: Builtin = (input, context) => {
  const rows = new InputReader(input).records("table");
  const columns = columnsOf(rows).map((name) => {
    context.signal.throwIfAborted();
    return profileColumn(name, rows);
  });
  const repeated = rows.length - new Set(rows.map(toCanonicalJson)).size;
  const issues = columns.flatMap((column) => issuesOf(column, rows.length));
  if (repeated > 0)
    issues.push({ column: "*", kind: "repeated_rows", message: `${repeated} rows are repeated.` });
  const cells = rows.length * columns.length;
  const good = columns.reduce((sum, column) => sum + column.filled - column.odd, 0);
  const score = cells === 0 ? 0 : Math.max(0, good / cells - repeated / rows.length);
  return {
    columns: columns.map(({ odd: _odd, ...column }) => column),
    issues,
    row_count: rows.length,
    duplicate_rows: repeated,
    quality_score: Math.round(score * 100) / 100,
    status: "ok",
    rationale: `${issues.length} issues in ${columns.length} columns of ${rows.length} rows.`,
  };
};

type Column = {
  name: string;
  type: string;
  filled: number;
  empty: number;
  distinct: number;
  min: Json;
  max: Json;
  odd: number;
};

function profileColumn(name: string, rows: readonly JsonObject[]): Column {
  const cells = rows.map((row) => row[name] ?? null).filter((cell) => cell !== null && cell !== "");
  const types = Map.groupBy(cells, kindOf);
  const [type = "empty", common = []] =
    [...types].sort((a, b) => b[1].length - a[1].length)[0] ?? [];
  const sorted = [...common].sort(compareValues);
  return {
    name,
    type,
    filled: cells.length,
    empty: rows.length - cells.length,
    distinct: new Set(cells.map(toCanonicalJson)).size,
    min: sorted[0] ?? null,
    max: sorted.at(-1) ?? null,
    odd: cells.length - common.length,
  };
}

function kindOf(cell: Json): string {
  if (asNumber(cell) !== null) return "number";
  if (typeof cell === "boolean") return "boolean";
  return typeof cell === "string" && /^\d{4}-\d{2}-\d{2}/.test(cell)
    ? "date"
    : Array.isArray(cell)
      ? "array"
      : typeof cell;
}

function issuesOf(
  column: Column,
  rowCount: number,
): { column: string; kind: string; message: string }[] {
  const found: { column: string; kind: string; message: string }[] = [];
  const add = (kind: string, message: string) => found.push({ column: column.name, kind, message });
  if (column.empty > 0)
    add("empty_cells", `"${column.name}" is empty in ${column.empty} of ${rowCount} rows.`);
  if (column.odd > 0)
    add("mixed_types", `"${column.name}" is mostly ${column.type}, but not in ${column.odd} rows.`);
  if (rowCount > 2 && column.distinct === 1)
    add("constant", `"${column.name}" is the same in every filled row.`);
  return found;
}
