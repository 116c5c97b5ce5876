import { formatDuration } from "./format-duration.ts";

/** How long ago (or ahead) `at` is, seen from `now`: `just now`, `12 s ago`, `3 h ago`, `in 5 m`. */
export function formatRelativeTime(at: number, now: number): string {
  const distance = now - at;
  if (Math.abs(distance) < 1_500) return "just now";
  const text = coarse(Math.abs(distance));
  return distance > 0 ? `${text} ago` : `in ${text}`;
}

function coarse(ms: number): string {
  const unit = [86_400_000, 3_600_000, 60_000, 1_000].find((size) => ms >= size) ?? 1_000;
  if (unit === 1_000) return `${Math.floor(ms / unit)} s`;
  return formatDuration(Math.floor(ms / unit) * unit);
}
