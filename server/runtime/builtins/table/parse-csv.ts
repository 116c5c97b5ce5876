import { CsvError, parse } from "csv-parse/sync";
import { DomainError } from "../../../../core/errors.ts";
import type { JsonObject } from "../../../../core/json.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader, MAX_LIST_LENGTH } from "../input-reader.ts";
import { asNumber } from "./match-row.ts";

/** A table that was read: column names in order, and one object per row. */
export type Sheet = { headers: string[]; rows: JsonObject[] };

/**
 * Reads CSV (RFC 4180; `delimiter` guessed from , ; tab | where null). The first line names the columns; an empty or
 * repeated name gets a number. Cells stay text unless `withNumbers`. A broken line is `invalid_request` with its number.
 */
export function readCsv(text: string, delimiter: string | null, withNumbers: boolean): Sheet {
  const rows = parseLines(text, delimiter ?? guessDelimiter(text));
  const [first = [], ...rest] = rows;
  if (rest.length > MAX_LIST_LENGTH)
    throw new DomainError(
      "payload_too_large",
      `The table has ${rest.length} rows; at most ${MAX_LIST_LENGTH} are read.`,
    );
  const headers = uniqueNames(first);
  return {
    headers,
    rows: rest.map((cells) =>
      Object.fromEntries(
        headers.map((name, index) => [
          name,
          withNumbers ? typed(cells[index] ?? "") : (cells[index] ?? ""),
        ]),
      ),
    ),
  };
}

/** `readCsv` as a native function: `text`, `delimiter`, `infer_types` (default true: numbers and true/false are read as such). */
export const parseCsv: Builtin = (input) => {
  const given = new InputReader(input);
  const sheet = readCsv(
    given.text("text"),
    given.has("delimiter") ? given.text("delimiter") : null,
    given.flag("infer_types", true),
  );
  return {
    table: sheet.rows,
    headers: sheet.headers,
    row_count: sheet.rows.length,
    status: "ok",
    rationale: `Read ${sheet.rows.length} rows of ${sheet.headers.length} columns.`,
  };
};

function parseLines(text: string, delimiter: string): string[][] {
  try {
    return parse(text, {
      bom: true,
      delimiter,
      relax_column_count_less: true,
      skip_empty_lines: true,
      trim: true,
    });
  } catch (error) {
    const line = error instanceof CsvError ? Number(error["lines"] ?? 0) : 0;
    throw new DomainError(
      "invalid_request",
      line > 0 ? `The table cannot be read at line ${line}.` : "The table cannot be read.",
      {
        hint:
          error instanceof CsvError
            ? error.message.slice(0, 200)
            : "Check quotes and the delimiter.",
        details: line > 0 ? { line } : {},
        cause: error,
      },
    );
  }
}

function guessDelimiter(text: string): string {
  const line = text.slice(0, 10_000).split("\n")[0] ?? "";
  const counted = [",", ";", "\t", "|"].map((mark) => ({ mark, count: line.split(mark).length }));
  return counted.sort((a, b) => b.count - a.count)[0]?.mark ?? ",";
}

function uniqueNames(cells: readonly string[]): string[] {
  const seen = new Set<string>();
  return cells.map((cell, index) => {
    const base = cell.trim() === "" ? `column_${index + 1}` : cell.trim();
    let name = base;
    for (let copy = 2; seen.has(name); copy += 1) name = `${base}_${copy}`;
    seen.add(name);
    return name;
  });
}

function typed(cell: string): string | number | boolean | null {
  if (cell === "") return null;
  if (cell === "true" || cell === "false") return cell === "true";
  const isPlain = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,12})?$/.test(cell);
  return isPlain ? (asNumber(cell) ?? cell) : cell;
}
