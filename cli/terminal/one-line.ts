import { stripVTControlCharacters } from "node:util";

/** Marks that turn the direction of what follows: they could make a line read as another one. */
const DIRECTIONS = /[\u202a-\u202e\u2066-\u2069]/g;

/**
 * Text from outside as one line that is safe to print: runs of white space become one space, and what would steer
 * the terminal is taken out.
 */
export function toOneLine(text: string): string {
  return toPrintable(text.replace(/\s+/gu, " ")).trim();
}

/** The same with all its spaces, for text whose columns matter. */
export function toPrintable(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\s/gu, " ")
    .replace(/\p{Cc}/gu, "")
    .replace(DIRECTIONS, "");
}
