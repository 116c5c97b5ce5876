import { usageError } from "../cli-error.ts";

/** A reader of an option's value that must be a whole number from `from` to `to`. */
export function wholeNumber(option: string, from: number, to: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= from && value <= to) return value;
    throw usageError(
      `${option} is "${text}"; expected a whole number from ${from}${to === Number.POSITIVE_INFINITY ? "" : ` to ${to}`}.`,
    );
  };
}
