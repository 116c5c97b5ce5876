import type { BuiltinModule } from "../builtin.ts";
import { listFiles } from "./list-files.ts";
import { readFileBuiltin } from "./read-file.ts";
import { writeFileBuiltin } from "./write-file.ts";

/** Module `orca.fs`: files of the tenant's sandbox folder, and no others. */
export const FS_MODULE: BuiltinModule = {
  list: listFiles,
  read: readFileBuiltin,
  write: writeFileBuiltin,
};
