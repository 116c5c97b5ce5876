import type { BuiltinModule } from "../builtin.ts";
import { deduplicateRecords } from "../data/deduplicate-records.ts";
import { joinRecords } from "../data/join-records.ts";
import { mapFields } from "../data/map-fields.ts";
import { mapItems } from "../data/map-items.ts";
import { mergeRecords } from "../data/merge-records.ts";
import { parseJson } from "../data/parse-json.ts";
import { transformRecords } from "../data/transform-records.ts";
import { validateSchema } from "../data/validate-schema.ts";
import { aggregateRows } from "../table/aggregate-rows.ts";
import { filterRows } from "../table/filter-rows.ts";
import { readSheet, writeSheet } from "../table/sheet-files.ts";
import { sortRows } from "../table/sort-rows.ts";
import { renameInput } from "./rename-input.ts";

/** `official_services.data_baseline` of the ORCA registry. */
export const DATA_BASELINE: BuiltinModule = {
  deduplicate_records: deduplicateRecords,
  join_records: joinRecords,
  map_array: mapItems,
  map_fields: mapFields,
  merge_records: mergeRecords,
  parse_json: renameInput(parseJson, { text: "json_string" }),
  transform_records: transformRecords,
  validate_schema: validateSchema,
};

/** `official_services.table_baseline` of the ORCA registry. */
export const TABLE_BASELINE: BuiltinModule = {
  aggregate_table: renameInput(aggregateRows, { table: "table_data" }),
  filter_table: renameInput(filterRows, { table: "table_data", condition: "filter_criteria" }),
  read_sheet: readSheet,
  sort_table: renameInput(sortRows, { table: "table_data" }),
  write_sheet: writeSheet,
};
