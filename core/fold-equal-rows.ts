import type { DiffRow } from "./run-diff-view.ts";

/** Rows as people read them: each that differs, and between them the equal ones together. */
export type FoldedRows = { kind: "row"; row: DiffRow } | { kind: "equal"; rows: DiffRow[] };

/** Puts equal rows that stand in a row together. Nothing is lost: the folds hold their rows. */
export function foldEqualRows(rows: readonly DiffRow[]): FoldedRows[] {
  const folded: FoldedRows[] = [];
  for (const row of rows) {
    const last = folded.at(-1);
    if (row.differences.length > 0) folded.push({ kind: "row", row });
    else if (last?.kind === "equal") last.rows.push(row);
    else folded.push({ kind: "equal", rows: [row] });
  }
  return folded;
}
