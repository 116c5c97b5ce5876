import type { BuiltinModule } from "../builtin.ts";
import { searchRecords } from "./search-records.ts";
import { retrieveValue, storeRecord, storeValue } from "./store-record.ts";

/** Module `orca.memory`: what runs of an environment remember. */
export const MEMORY_MODULE: BuiltinModule = {
  retrieve: retrieveValue,
  search: searchRecords,
  store: storeValue,
  store_record: storeRecord,
};
