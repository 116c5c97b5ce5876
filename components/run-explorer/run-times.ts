import { isUndo } from "../../core/compensation.ts";
import type { RunSummary } from "../../core/run-view.ts";
import { coveredTime, type Span } from "./time-spans.ts";
import type { StepGroup } from "./step-groups.ts";

/** Where a run's time went, in milliseconds; the five parts add up to `total`. */
export type RunTimes = {
  total: number;
  queue: number;
  work: number;
  wait: number;
  undo: number;
  overhead: number;
};

/**
 * Splits a run's life: before it started (`queue`), while at least one call was at work (`work`), while it only
 * waited for people, signals, clocks or retries (`wait`), while it undid what it had done, people asked about that
 * included (`undo`), and the rest, which the engine itself took (`overhead`).
 */
export function computeRunTimes(
  run: RunSummary,
  groups: readonly StepGroup[],
  now: number,
): RunTimes {
  const created = Date.parse(run.created_at);
  const end = run.finished_at === null ? now : Date.parse(run.finished_at);
  const started = run.started_at === null ? end : Date.parse(run.started_at);
  const working: Span[] = [];
  const all: Span[] = [];
  const undoing: Span[] = [];
  for (const group of groups) {
    const isWait = group.step.kind !== "capability" && group.step.kind !== "skill";
    const isLoop = group.counts.length > 0;
    for (const view of isLoop ? group.occurrences : [group.view, ...group.occurrences]) {
      if (isUndo(view)) {
        undoing.push(spanOf(view, end));
        continue;
      }
      for (const attempt of view.attempts) {
        const span = spanOf(attempt, end);
        all.push(span);
        if (!isWait) working.push(span);
      }
      if (view.started_at !== null) all.push(spanOf(view, end));
    }
  }
  const total = Math.max(0, end - created);
  const queue = Math.min(total, Math.max(0, started - created));
  const work = Math.min(total - queue, coveredTime(working));
  const wait = Math.min(total - queue - work, Math.max(0, coveredTime(all) - work));
  const known = queue + work + wait;
  const undo = Math.min(total - known, lengthOf(undoing));
  return { total, queue, work, wait, undo, overhead: total - known - undo };
}

function spanOf(
  { started_at: from, ended_at: to }: { started_at: string | null; ended_at: string | null },
  end: number,
): Span {
  return {
    start: from === null ? end : Date.parse(from),
    end: to === null ? end : Date.parse(to),
  };
}

/** From the first to the last of the undoings: they are one stretch of the run's life. */
function lengthOf(spans: readonly Span[]): number {
  if (spans.length === 0) return 0;
  return Math.max(
    0,
    Math.max(...spans.map((span) => span.end)) - Math.min(...spans.map((span) => span.start)),
  );
}
