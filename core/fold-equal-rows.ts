import type { DiffEntry, DiffRow } from "./run-diff-view.ts";

/** Rows as people read them: each that differs, and in place of equal ones that stand in a row, where they stand. */
export function foldEqualRows(rows: readonly DiffRow[]): DiffEntry[] {
  const entries: DiffEntry[] = [];
  for (const [position, row] of rows.entries()) {
    const last = entries.at(-1);
    if (row.differences.length > 0) entries.push({ kind: "step", row });
    else if (last?.kind === "equal") last.count += 1;
    else entries.push({ kind: "equal", from: position, count: 1 });
  }
  return entries;
}
