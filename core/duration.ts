import { DomainError } from "./errors.ts";
import type { Json } from "./json.ts";

const UNIT_MS: Record<string, number> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** A century: a longer wait is a mistake in the unit. */
const MAX_DURATION_MS = 36_525 * 86_400_000;

const COMPACT = /^(?:\d+(?:\.\d+)?\s*(?:ms|s|m|h|d|w)\s*)+$/;
const COMPACT_PART = /(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w)/g;
const ISO =
  /^P(?=\d|T\d)(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?(?:T(?=\d)(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/**
 * Whole milliseconds of a duration: seconds as a number, a text such as `500ms`, `5m`, `1h 30m`, or
 * ISO 8601 (`PT5M`, `P1DT12H`; weeks to seconds, since months and years have no fixed length).
 * DomainError `invalid_request` for anything else, and for more than a century.
 */
export function parseDuration(duration: Json): number {
  const ms = toMs(duration);
  if (ms === null) {
    throw invalidDuration(duration, "is not a duration");
  }
  if (ms > MAX_DURATION_MS) throw invalidDuration(duration, "is longer than a century");
  return Math.round(ms);
}

/** A duration as people read it, in at most two units: `850 ms`, `1.2 s`, `3 m 12 s`, `9 d 4 h`. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) return "–";
  const whole = Math.max(0, Math.round(ms));
  if (whole < 1000) return `${whole} ms`;
  const tenths = Math.round(whole / 100);
  if (tenths < 600) return `${tenths / 10} s`;
  const seconds = Math.round(whole / 1000);
  if (seconds < 3600) return inTwoUnits(seconds, 60, "m", "s");
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return inTwoUnits(minutes, 60, "h", "m");
  return inTwoUnits(Math.round(minutes / 60), 24, "d", "h");
}

function toMs(duration: Json): number | null {
  if (typeof duration === "number") return duration >= 0 ? duration * 1000 : null;
  if (typeof duration !== "string") return null;
  const text = duration.trim();
  if (COMPACT.test(text)) {
    let total = 0;
    for (const [, amount, unit = ""] of text.matchAll(COMPACT_PART)) {
      total += Number(amount) * (UNIT_MS[unit] ?? 0);
    }
    return total;
  }
  const iso = ISO.exec(text);
  if (iso === null) return null;
  const [, weeks, days, hours, minutes, seconds] = iso.map((part) => Number(part ?? 0));
  return (
    (weeks ?? 0) * 604_800_000 +
    (days ?? 0) * 86_400_000 +
    (hours ?? 0) * 3_600_000 +
    (minutes ?? 0) * 60_000 +
    (seconds ?? 0) * 1000
  );
}

function inTwoUnits(small: number, perLarge: number, large: string, unit: string): string {
  const rest = small % perLarge;
  const whole = `${Math.floor(small / perLarge)} ${large}`;
  return rest === 0 ? whole : `${whole} ${rest} ${unit}`;
}

function invalidDuration(duration: Json, problem: string): DomainError {
  const shown =
    typeof duration === "object" ? "null, a map or a list" : JSON.stringify(duration).slice(0, 80);
  return new DomainError("invalid_request", `${shown} ${problem}.`, {
    hint: "Write seconds as a number, or 500ms, 5m, 1h30m, PT5M.",
    details: { duration: shown },
  });
}
