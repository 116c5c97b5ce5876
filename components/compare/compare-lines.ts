import type { DiffRow, RunDiff, RunDifference, StepPlace } from "../../core/run-diff-view.ts";
import { occurrenceKey } from "../../core/step.ts";

/**
 * One line of the table: the runs as wholes, a step that differs, or equal steps folded under a heading that opens. Of
 * equal ones the page knows where they stand, and asks for them as they come into view.
 */
export type CompareLine =
  | { kind: "run"; key: ""; differences: RunDifference[] }
  | { kind: "fold"; key: string; count: number; isOpen: boolean }
  | { kind: "equal"; key: string; position: number }
  | { kind: "step"; key: string; row: DiffRow; isFirst: boolean };

export function keyOf({ step_id: stepId, occurrence }: StepPlace): string {
  return occurrenceKey(stepId, occurrence ?? undefined);
}

/** What the page opens with: the first divergence, or else the runs as wholes. */
export function initialKey({ first_divergence: first }: RunDiff): string {
  return first === null ? "" : keyOf(first);
}

/** The key of the line of an equal step, which has none of its own before it is there. */
export function lineKeyAt(position: number): string {
  return `row ${position}`;
}

/**
 * The lines to show. A fold is open as `folds` says by its key; one not named there, where it holds the position that is
 * looked at, if an equal step is.
 */
export function toCompareLines(
  diff: RunDiff,
  folds: ReadonlyMap<string, boolean>,
  shownPosition: number | null,
): CompareLine[] {
  const firstKey = diff.first_divergence === null ? null : keyOf(diff.first_divergence);
  const toLines = (entry: RunDiff["entries"][number]): CompareLine[] => {
    if (entry.kind === "step") {
      const key = keyOf(entry.row);
      return [{ kind: "step", key, row: entry.row, isFirst: key === firstKey }];
    }
    const { from, count } = entry;
    const key = `fold ${from}`;
    const holdsShown =
      shownPosition !== null && shownPosition >= from && shownPosition < from + count;
    const isOpen = folds.get(key) ?? holdsShown;
    const positions = Array.from({ length: isOpen ? count : 0 }, (_, index) => from + index);
    return [
      { kind: "fold", key, count, isOpen },
      ...positions.map((position): CompareLine => ({
        kind: "equal",
        key: lineKeyAt(position),
        position,
      })),
    ];
  };
  return [
    { kind: "run", key: "", differences: diff.differences },
    ...diff.entries.flatMap(toLines),
  ];
}

/** The keys of what differs, in order: where the keyboard stops. */
export function differingKeys({ differences, entries }: RunDiff): string[] {
  const rows = entries.flatMap((entry) => (entry.kind === "step" ? [keyOf(entry.row)] : []));
  return differences.length > 0 ? ["", ...rows] : rows;
}

/** How much differs in all, those steps included that no page has brought yet. */
export function countDifferences({ differences, totals }: RunDiff): number {
  return totals.differing + totals.only_a + totals.only_b + (differences.length > 0 ? 1 : 0);
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
  if (line.kind === "run") return line.differences.length > 0;
  return line.kind === "step";
}
