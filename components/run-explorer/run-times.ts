import type { RunSummary } from "../../core/run-view.ts";
import { coveredTime, type Span } from "./time-spans.ts";
import type { StepGroup } from "./step-groups.ts";

/** Where a run's time went, in milliseconds; the four parts add up to `total`. */
export type RunTimes = {
  total: number;
  queue: number;
  work: number;
  wait: number;
  overhead: number;
};

/**
 * Splits a run's life: before it started (`queue`), while at least one call was at work (`work`), while it only
 * waited for people, signals, clocks or retries (`wait`), and the rest, which the engine itself took (`overhead`).
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
  for (const group of groups) {
    const isWait = group.step.kind !== "capability" && group.step.kind !== "skill";
    const isLoop = group.counts.length > 0;
    for (const view of isLoop ? group.occurrences : [group.view, ...group.occurrences]) {
      for (const attempt of view.attempts) {
        const span = {
          start: Date.parse(attempt.started_at),
          end: attempt.ended_at === null ? end : Date.parse(attempt.ended_at),
        };
        all.push(span);
        if (!isWait) working.push(span);
      }
      if (view.started_at !== null) {
        all.push({
          start: Date.parse(view.started_at),
          end: view.ended_at === null ? end : Date.parse(view.ended_at),
        });
      }
    }
  }
  const total = Math.max(0, end - created);
  const queue = Math.min(total, Math.max(0, started - created));
  const work = Math.min(total - queue, coveredTime(working));
  const wait = Math.min(total - queue - work, Math.max(0, coveredTime(all) - work));
  return { total, queue, work, wait, overhead: total - queue - work - wait };
}
