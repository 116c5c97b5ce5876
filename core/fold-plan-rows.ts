import type { ReplayPlanRow } from "./plan-rows.ts";

/** A row of a plan, or several occurrences of one step for which the same was planned for the same reason. */
export type FoldedPlanRow = ReplayPlanRow & { count: number };

/** Folds neighbours that differ in nothing but their occurrence; times are added up. */
export function foldPlanRows(rows: readonly ReplayPlanRow[]): FoldedPlanRow[] {
  const folded: FoldedPlanRow[] = [];
  for (const row of rows) {
    const last = folded.at(-1);
    if (last === undefined || !isSame(last, row)) {
      folded.push({ ...row, count: 1 });
      continue;
    }
    last.count += 1;
    if (row.estimated_ms !== null) last.estimated_ms = (last.estimated_ms ?? 0) + row.estimated_ms;
  }
  return folded;
}

function isSame(a: ReplayPlanRow, b: ReplayPlanRow): boolean {
  return (
    a.occurrence !== null &&
    b.occurrence !== null &&
    a.step_id === b.step_id &&
    a.decision === b.decision &&
    a.is_certain === b.is_certain &&
    a.reason === b.reason &&
    a.effect_id === null &&
    b.effect_id === null
  );
}

/** How a folded row is named: `each#3`, or `each × 30`. */
export function planRowName({ step_id: stepId, occurrence, count }: FoldedPlanRow): string {
  if (occurrence === null) return stepId;
  return count === 1 ? `${stepId}#${occurrence}` : `${stepId} × ${count}`;
}
