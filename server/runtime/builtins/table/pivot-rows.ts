import { DomainError } from "../../../../core/errors.ts";
import type { Json, JsonObject } from "../../../../core/json.ts";
import { asText } from "../as-text.ts";
import type { Builtin } from "../builtin.ts";
import { readPath } from "../data/read-path.ts";
import { InputReader } from "../input-reader.ts";
import { AGGREGATES } from "./aggregate-rows.ts";

const MAX_COLUMNS = 500;

/** One row per value of `index`, one column per value of `columns`, cells `function` (sum) of `values`; a pair that never occurs is null. */
export const pivotRows: Builtin = (input) => {
  const given = new InputReader(input);
  const [index, columns, values] = [
    given.text("index"),
    given.text("columns"),
    given.text("values"),
  ];
  const name = given.text("function", "sum");
  const reduce = Object.hasOwn(AGGREGATES, name) ? AGGREGATES[name] : undefined;
  if (reduce === undefined)
    throw new DomainError("invalid_request", `There is no aggregate "${name}".`, {
      hint: `Use one of ${Object.keys(AGGREGATES).join(", ")}.`,
    });
  const rows = given.records("table");
  const headings = [...new Set(rows.map((row) => asText(readPath(row, columns))))];
  if (headings.length > MAX_COLUMNS)
    throw new DomainError(
      "payload_too_large",
      `"${columns}" has ${headings.length} values; a pivot makes at most ${MAX_COLUMNS} columns.`,
    );
  const groups = Map.groupBy(rows, (row) => asText(readPath(row, index)));
  const table = [...groups].map(([key, group]): JsonObject => {
    const cells = headings.map((heading): [string, Json] => {
      const own = group.filter((row) => asText(readPath(row, columns)) === heading);
      return [
        heading,
        own.length === 0 ? null : reduce(own.map((row) => readPath(row, values) ?? null)),
      ];
    });
    return Object.fromEntries([[index, key], ...cells]);
  });
  return {
    table,
    headers: [index, ...headings],
    row_count: table.length,
    status: "ok",
    rationale: `${table.length} rows by ${headings.length} columns.`,
  };
};
