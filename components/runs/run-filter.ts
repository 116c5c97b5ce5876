import { RUN_STATUSES, type RunStatus } from "../../core/run.ts";

/** How far back "started in the last …" may reach, by the word that stands in the URL. */
export const PERIODS = {
  "1h": { label: "last hour", ms: 3_600_000 },
  "24h": { label: "last 24 hours", ms: 86_400_000 },
  "7d": { label: "last 7 days", ms: 604_800_000 },
  "30d": { label: "last 30 days", ms: 2_592_000_000 },
} as const;
export type Period = keyof typeof PERIODS;
export const PERIOD_NAMES: readonly Period[] = ["1h", "24h", "7d", "30d"];

/** What the list of runs shows; empty means all. It lives in the URL and nowhere else. */
export type RunFilter = {
  status: readonly RunStatus[];
  skill: string;
  environment: string;
  q: string;
  started: Period | null;
};

/** Reads a filter from a URL; words it does not know are passed over. */
export function parseRunFilter(params: URLSearchParams): RunFilter {
  const status = params.getAll("status");
  return {
    status: RUN_STATUSES.filter((known) => status.includes(known)),
    skill: params.get("skill") ?? "",
    environment: params.get("environment") ?? "",
    q: params.get("q") ?? "",
    started: parsePeriod(params.get("started")),
  };
}

/** Writes a filter as a query string, `""` for the one that lets everything through. */
export function formatRunFilter(filter: RunFilter): string {
  const params = new URLSearchParams();
  for (const status of filter.status) params.append("status", status);
  for (const name of ["skill", "environment", "q", "started"] as const) {
    const value = filter[name];
    if (value !== null && value !== "") params.set(name, value);
  }
  const text = params.toString();
  return text === "" ? "" : `?${text}`;
}

/**
 * The filter as `runs.list` takes it. The beginning of a period is rounded down to the minute, so that asking
 * again within it is the same question.
 */
export function toRunsQuery(filter: RunFilter, now: number) {
  return {
    ...(filter.status.length === 0 ? {} : { status: [...filter.status] }),
    ...(filter.skill === "" ? {} : { skill: filter.skill }),
    ...(filter.environment === "" ? {} : { environment: filter.environment }),
    ...(filter.q === "" ? {} : { q: filter.q }),
    ...(filter.started === null
      ? {}
      : { started_after: minuteOf(now - PERIODS[filter.started].ms) }),
  };
}

/** True for the filter that lets everything through. */
export function isEmptyFilter(filter: RunFilter): boolean {
  return formatRunFilter(filter) === "";
}

/** The period of that name, or null. */
export function parsePeriod(value: string | null): Period | null {
  return PERIOD_NAMES.find((name) => name === value) ?? null;
}

/** The beginning of the minute, RFC 3339. */
export function minuteOf(time: number): string {
  return new Date(Math.floor(time / 60_000) * 60_000).toISOString();
}
