import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { isMatch } from "./match-row.ts";

/** Keeps the rows of `table` that meet `condition` (see `isMatch`), in order. */
export const filterRows: Builtin = (input, context) => {
  const given = new InputReader(input);
  const rows = given.records("table");
  const condition = given.object("condition");
  const kept = rows.filter((row) => {
    context.signal.throwIfAborted();
    return isMatch(row, condition);
  });
  return {
    table: kept,
    row_count: kept.length,
    dropped_count: rows.length - kept.length,
    status: "ok",
    rationale: `Kept ${kept.length} of ${rows.length} rows.`,
  };
};
