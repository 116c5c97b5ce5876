import { uuidv7 } from "uuidv7";
import { ID_PREFIXES, type MakeId } from "../core/ids.ts";

/** Makes ids that sort by the time they were made: `run_` and the 32 hex digits of a UUID version 7. */
export const makeId: MakeId = (kind) => `${ID_PREFIXES[kind]}_${uuidv7().replaceAll("-", "")}`;
