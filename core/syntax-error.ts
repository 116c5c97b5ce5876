import { DomainError } from "./errors.ts";

/** How much of a long source a message quotes on each side of the column. */
const QUOTED_CHARACTERS = 40;

/** The DomainError `invalid_request` for a text that breaks the grammar at a column, which counts from 1. */
export function syntaxError(
  source: string,
  column: number,
  problem: string,
  hint = "See the expression grammar in the skill authoring guide.",
): DomainError {
  return new DomainError(
    "invalid_request",
    `Cannot read "${quote(source, column)}": ${problem} at column ${column}.`,
    { hint, details: { source, column } },
  );
}

function quote(source: string, column: number): string {
  const from = Math.max(0, column - 1 - QUOTED_CHARACTERS);
  const to = Math.min(source.length, column - 1 + QUOTED_CHARACTERS);
  return `${from > 0 ? "…" : ""}${source.slice(from, to)}${to < source.length ? "…" : ""}`;
}
