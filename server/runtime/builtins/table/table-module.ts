import type { BuiltinModule } from "../builtin.ts";
import { aggregateRows } from "./aggregate-rows.ts";
import { filterRows } from "./filter-rows.ts";
import { parseCsv } from "./parse-csv.ts";
import { pivotRows } from "./pivot-rows.ts";
import { profileRows } from "./profile-rows.ts";
import { readSheet, writeSheet } from "./sheet-files.ts";
import { renderTable } from "./render-csv.ts";
import { sortRows } from "./sort-rows.ts";

/** Module `orca.table`: work on tables, which are lists of row objects. */
export const TABLE_MODULE: BuiltinModule = {
  aggregate: aggregateRows,
  filter: filterRows,
  parse_csv: parseCsv,
  pivot: pivotRows,
  profile: profileRows,
  read_sheet: readSheet,
  render: renderTable,
  sort: sortRows,
  write_sheet: writeSheet,
};
