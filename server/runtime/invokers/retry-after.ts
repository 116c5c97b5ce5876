/** The longest wait that a provider may ask for; a longer one is cut to this (`origins/orca.md` §3.3). */
const MAX_RETRY_AFTER_MS = 60_000;

/** The wait that a `Retry-After` header asks for (seconds or HTTP date), at most a minute; null where it says nothing usable. */
export function parseRetryAfter(header: string | undefined, now: number): number | null {
  if (header === undefined) return null;
  const text = header.trim();
  const waitMs = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : parseHttpDate(text) - now;
  return Number.isNaN(waitMs) ? null : Math.min(Math.max(waitMs, 0), MAX_RETRY_AFTER_MS);
}

/** Only what looks like an HTTP date (RFC 9110): `Date.parse` alone would read "soon 5" as a year. */
function parseHttpDate(text: string): number {
  return /^[A-Z][a-z]{2,8},? .*\d{2}:\d{2}:\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
}
