import { DomainError } from "../../../../core/errors.ts";
import { isJsonObject, type Json } from "../../../../core/json.ts";
import { asText } from "../as-text.ts";
import type { Builtin } from "../builtin.ts";
import { readPath } from "../data/read-path.ts";
import { InputReader } from "../input-reader.ts";
import { compareValues } from "./match-row.ts";

/** Sorts `table` by `sort_by`: column names (`-name` descends) or `{column, order|direction: asc|desc}`, first one first. Equal rows keep their order. */
export const sortRows: Builtin = (input) => {
  const given = new InputReader(input);
  const keys = given.list("sort_by").map(readKey);
  const sorted = given.records("table").toSorted((a, b) => {
    for (const { column, sign } of keys) {
      const order = compareValues(readPath(a, column) ?? null, readPath(b, column) ?? null);
      if (order !== 0) return order * sign;
    }
    return 0;
  });
  return {
    table: sorted,
    row_count: sorted.length,
    status: "ok",
    rationale: `Sorted by ${keys.map((key) => key.column).join(", ")}.`,
  };
};

function readKey(key: Json): { column: string; sign: 1 | -1 } {
  if (typeof key === "string")
    return key.startsWith("-") ? { column: key.slice(1), sign: -1 } : { column: key, sign: 1 };
  const column = isJsonObject(key) ? (key["column"] ?? key["field"]) : undefined;
  if (!isJsonObject(key) || typeof column !== "string") {
    throw new DomainError(
      "invalid_request",
      'An entry of "sort_by" is a column name or {column, order}.',
    );
  }
  const order = asText(key["order"] ?? key["direction"]).toLowerCase();
  return { column, sign: order.startsWith("desc") || key["descending"] === true ? -1 : 1 };
}
