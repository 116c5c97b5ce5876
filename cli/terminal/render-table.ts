import type { Paint, Tone } from "./tone.ts";
import { toOneLine } from "./one-line.ts";
import { pad, textWidth, truncate } from "./text-width.ts";

export type Column = {
  title: string;
  align?: "left" | "right";
  /** May be cut down to this width where the line is too long for the terminal; absent: never cut. */
  shrinksTo?: number;
  /** Left out where cutting is not enough; the highest number goes first. */
  leaves?: number;
};

export type Cell = { text: string; tone?: Tone | null } | string;

export type TableStyle = {
  /** Columns of the terminal; null where nothing is to be cut. */
  width: number | null;
  paint: Paint;
};

const GAP = "  ";

/** Aligned lines under a line of titles, each at most as wide as the terminal. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  { width, paint }: TableStyle,
): string[] {
  const texts = rows.map((row) => columns.map((_, index) => toOneLine(textOf(row[index]))));
  const natural = columns.map((column, index) =>
    Math.max(textWidth(column.title), ...texts.map((row) => textWidth(row[index] ?? ""))),
  );
  const widths = width === null ? natural : fit(columns, natural, width);
  const line = (cells: readonly string[], toneAt: (index: number) => Tone | null) =>
    cells
      .flatMap((text, index) => {
        const space = widths[index] ?? 0;
        if (space === 0) return [];
        const cell = pad(truncate(text, space), space, columns[index]?.align);
        return [paint(toneAt(index), cell)];
      })
      .join(GAP)
      .trimEnd();
  return [
    line(
      columns.map(({ title }) => title),
      () => "quiet",
    ),
    ...texts.map((row, at) => line(row, (index) => toneOf(rows[at]?.[index]))),
  ];
}

/** The width of each column; 0 for one that is left out. */
function fit(columns: readonly Column[], natural: readonly number[], width: number): number[] {
  const widths = [...natural];
  const total = () => {
    const shown = widths.filter((each) => each > 0);
    return shown.reduce((sum, each) => sum + each, 0) + GAP.length * (shown.length - 1);
  };
  const least = () =>
    total() -
    columns.reduce((sum, { shrinksTo }, index) => {
      const own = widths[index] ?? 0;
      return shrinksTo === undefined ? sum : sum + Math.max(0, own - shrinksTo);
    }, 0);
  const leaving = columns
    .flatMap(({ leaves }, index) => (leaves === undefined ? [] : [{ leaves, index }]))
    .toSorted((a, b) => b.leaves - a.leaves);
  for (const { index } of leaving) {
    if (least() <= width) break;
    widths[index] = 0;
  }
  // The widest column that may be cut gives first, so that all of them end about equally wide.
  for (let excess = total() - width; excess > 0; excess -= 1) {
    let widest = -1;
    for (const [index, { shrinksTo }] of columns.entries()) {
      const own = widths[index] ?? 0;
      if (shrinksTo !== undefined && own > shrinksTo && own > (widths[widest] ?? 0)) widest = index;
    }
    if (widest === -1) break;
    widths[widest] = (widths[widest] ?? 1) - 1;
  }
  return widths;
}

function textOf(cell: Cell | undefined): string {
  return typeof cell === "string" ? cell : (cell?.text ?? "");
}

function toneOf(cell: Cell | undefined): Tone | null {
  return typeof cell === "string" ? null : (cell?.tone ?? null);
}
