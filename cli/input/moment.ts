import { parseDuration } from "../../core/duration.ts";
import { DomainError } from "../../core/errors.ts";
import { usageError } from "../cli-error.ts";

/** A time that an option gives, or how long before `now` it is (`2h`), as RFC 3339 in UTC. */
export function parseMoment(
  text: string | undefined,
  option: string,
  now: number,
): string | undefined {
  if (text === undefined) return undefined;
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : now - agoOf(text, option);
  if (!Number.isNaN(time)) return new Date(time).toISOString();
  throw notMoment(text, option);
}

function agoOf(text: string, option: string): number {
  try {
    return parseDuration(text);
  } catch (thrown) {
    if (thrown instanceof DomainError) throw notMoment(text, option);
    throw thrown;
  }
}

function notMoment(text: string, option: string): Error {
  return usageError(
    `${option} is "${text}"; expected a time like 2030-01-31T08:00:00Z, or how long ago: 2h, 7d.`,
  );
}
