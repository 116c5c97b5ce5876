import { jsonChanges, type JsonChange } from "./json-changes.ts";
import { jsonBytes, type Json, type JsonObject } from "./json.ts";

/** One place at which a state differs from an earlier one. Sizes are bytes of JSON; null where there is no value. */
export type StateChange = {
  /** Such as `outputs.summary` or `vars.lines[2]`. */
  path: string;
  kind: JsonChange["kind"];
  bytes_before: number | null;
  bytes_after: number | null;
  /** Only where the value is small. */
  before?: Json;
  after?: Json;
};

/** What became of a state: the number of all changes, and the first of them. */
export type StateChanges = {
  added: number;
  changed: number;
  removed: number;
  bytes_before: number;
  bytes_after: number;
  items: StateChange[];
};

/** Larger values are told by their size only. */
const MAX_SHOWN_BYTES = 256;

/** More are counted, but not listed. */
const MAX_LISTED_CHANGES = 1_000;

/** How `after` differs from `before`, both as `toStateView` gives them. */
export function listStateChanges(before: JsonObject, after: JsonObject): StateChanges {
  const counts = { added: 0, changed: 0, removed: 0 };
  const items: StateChange[] = [];
  for (const change of jsonChanges(before, after)) {
    counts[change.kind] += 1;
    if (items.length < MAX_LISTED_CHANGES) items.push(toStateChange(change));
  }
  return { ...counts, bytes_before: jsonBytes(before), bytes_after: jsonBytes(after), items };
}

function toStateChange({ path, kind, before, after }: JsonChange): StateChange {
  const bytesBefore = before === undefined ? null : jsonBytes(before);
  const bytesAfter = after === undefined ? null : jsonBytes(after);
  return {
    path,
    kind,
    bytes_before: bytesBefore,
    bytes_after: bytesAfter,
    ...(before === undefined || isLarge(bytesBefore) ? {} : { before }),
    ...(after === undefined || isLarge(bytesAfter) ? {} : { after }),
  };
}

function isLarge(bytes: number | null): boolean {
  return bytes !== null && bytes > MAX_SHOWN_BYTES;
}
