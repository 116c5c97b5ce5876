import { type FoldedRows, foldEqualRows } from "../../core/fold-equal-rows.ts";
import type { DiffRow, RunDiff, RunDifference, StepPlace } from "../../core/run-diff-view.ts";
import { occurrenceKey } from "../../core/step.ts";

/** One line of the table: the runs as wholes, a step, or equal steps folded under a heading that opens. */
export type CompareLine =
  | { kind: "run"; key: ""; differences: RunDifference[] }
  | { kind: "fold"; key: string; count: number; isOpen: boolean }
  | { kind: "step"; key: string; row: DiffRow; isFirst: boolean };

export function keyOf({ step_id: stepId, occurrence }: StepPlace): string {
  return occurrenceKey(stepId, occurrence ?? undefined);
}

/** What the page opens with: the first divergence, or else the runs as wholes. */
export function initialKey({ first_divergence: first }: RunDiff): string {
  return first === null ? "" : keyOf(first);
}

/** The lines to show. A fold is open as `folds` says by its key; one not named there, where it holds the step looked at. */
export function toCompareLines(
  diff: RunDiff,
  folds: ReadonlyMap<string, boolean>,
  shownKey: string,
): CompareLine[] {
  const firstKey = diff.first_divergence === null ? null : keyOf(diff.first_divergence);
  const toStep = (row: DiffRow): CompareLine => {
    const key = keyOf(row);
    return { kind: "step", key, row, isFirst: key === firstKey };
  };
  const toLines = (folded: FoldedRows): CompareLine[] => {
    if (folded.kind === "row") return [toStep(folded.row)];
    const steps = folded.rows.map(toStep);
    const key = `fold ${steps[0]?.key}`;
    const isOpen = folds.get(key) ?? steps.some((step) => step.key === shownKey);
    return [{ kind: "fold", key, count: steps.length, isOpen }, ...(isOpen ? steps : [])];
  };
  return [
    { kind: "run", key: "", differences: diff.differences },
    ...foldEqualRows(diff.rows).flatMap(toLines),
  ];
}

/** The keys of what differs, in order: where the keyboard stops. */
export function differingKeys(diff: RunDiff): string[] {
  const rows = diff.rows.filter((row) => row.differences.length > 0).map(keyOf);
  return diff.differences.length > 0 ? ["", ...rows] : rows;
}

/** The difference before or after a line, which need not be one itself; the line itself where there is none. */
export function moveToDifference(
  lines: readonly CompareLine[],
  currentKey: string,
  direction: 1 | -1,
): string {
  const start = lines.findIndex((line) => line.key === currentKey);
  for (let at = start + direction; at >= 0 && at < lines.length; at += direction) {
    const line = lines[at];
    if (line !== undefined && isDifferent(line)) return line.key;
  }
  return currentKey;
}

function isDifferent(line: CompareLine): boolean {
  if (line.kind === "fold") return false;
  return (line.kind === "run" ? line.differences : line.row.differences).length > 0;
}
