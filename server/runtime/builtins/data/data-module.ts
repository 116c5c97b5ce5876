import type { BuiltinModule } from "../builtin.ts";
import { compareRecords } from "./compare-records.ts";
import { deduplicateRecords } from "./deduplicate-records.ts";
import { joinRecords } from "./join-records.ts";
import { mapFields } from "./map-fields.ts";
import { mapItems } from "./map-items.ts";
import { mergeRecords } from "./merge-records.ts";
import { parseJson } from "./parse-json.ts";
import { queryJson } from "./query-json.ts";
import { reconcileRecords } from "./reconcile-records.ts";
import { transformRecords } from "./transform-records.ts";
import { validateSchema } from "./validate-schema.ts";

/** Module `orca.data`: work on JSON values and lists of records. */
export const DATA_MODULE: BuiltinModule = {
  compare_records: compareRecords,
  deduplicate: deduplicateRecords,
  join: joinRecords,
  map_fields: mapFields,
  map_items: mapItems,
  merge: mergeRecords,
  parse_json: parseJson,
  query: queryJson,
  reconcile: reconcileRecords,
  transform: transformRecords,
  validate_schema: validateSchema,
};
