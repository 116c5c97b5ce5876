import { formatDuration } from "../../core/duration.ts";
import type { RunSummary } from "../../core/run-view.ts";

/** How long a run has taken, in milliseconds: up to `now` while it runs, null before it starts (or without a `now`). */
export function durationOfRun(
  run: Pick<RunSummary, "started_at" | "finished_at" | "status">,
  now: number | null,
): number | null {
  if (run.started_at === null) return null;
  const end = run.finished_at === null ? now : Date.parse(run.finished_at);
  return end === null ? null : Math.max(0, end - Date.parse(run.started_at));
}

/** The largest unit of the time since then: `12s`, `3m`, `5h`, `2d`. */
export function ageOf(timestamp: string, now: number): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(timestamp)) / 1000));
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}

/** A time for people, with how long ago that is. */
export function sayTime(timestamp: string, now: number): string {
  const whole = timestamp.replace("T", " ").replace(/\.\d+Z$/, "Z");
  return `${whole} (${formatDuration(now - Date.parse(timestamp))} ago)`;
}
