import { formatDuration } from "./duration.ts";

const MINUTE_MS = 60_000;

/** When something is due, the same wherever it is said: `in 1 h 59 m`, `in 40 s`, `now`. Whole minutes from one minute on. */
export function formatDueTime(at: number, now: number): string {
  const left = at - now;
  if (left <= 0) return "now";
  const unit = left >= MINUTE_MS ? MINUTE_MS : 1_000;
  return `in ${formatDuration(Math.ceil(left / unit) * unit)}`;
}
