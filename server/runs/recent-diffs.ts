import type { DiffEntry, StepsDiff } from "../../core/run-diff-view.ts";

/** Two runs step by step, and the same with equal rows folded. */
export type FoldedDiff = StepsDiff & { entries: readonly DiffEntry[] };

/** A row is about a kilobyte. One comparison is kept whatever its size. */
const MOST_ROWS = 20_000;
/** As long as somebody may turn pages. */
const KEPT_MS = 60_000;

type Kept = { diff: Promise<FoldedDiff>; rows: number; timer: NodeJS.Timeout };

/** Comparisons that were asked for a moment ago: their pages need no second look at the histories. */
export class RecentDiffs {
  readonly #kept = new Map<string, Kept>();

  /** The comparison under a key that says everything it depends on; `compare` makes it where it is not kept. */
  get(key: string, compare: () => Promise<FoldedDiff>): Promise<FoldedDiff> {
    const known = this.#kept.get(key);
    if (known !== undefined) {
      known.timer.refresh();
      return known.diff;
    }
    const diff = compare();
    const kept = { diff, rows: 0, timer: setTimeout(() => this.#forget(key), KEPT_MS).unref() };
    this.#kept.set(key, kept);
    diff.then(
      ({ rows }) => {
        kept.rows = rows.length;
        this.#makeRoom(key);
      },
      () => this.#forget(key),
    );
    return diff;
  }

  #makeRoom(newest: string): void {
    let total = [...this.#kept.values()].reduce((sum, { rows }) => sum + rows, 0);
    for (const [key, { rows }] of this.#kept) {
      if (total <= MOST_ROWS) return;
      if (key === newest) continue;
      total -= rows;
      this.#forget(key);
    }
  }

  #forget(key: string): void {
    clearTimeout(this.#kept.get(key)?.timer);
    this.#kept.delete(key);
  }
}
