import { DomainError } from "../../../../core/errors.ts";
import type { Json, JsonObject } from "../../../../core/json.ts";
import { asText } from "../as-text.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";

/** The columns of a table: those given, else every key in the order of first appearance. */
export function columnsOf(rows: readonly JsonObject[]): string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row)))];
}

/** A table as CSV (RFC 4180, CRLF not used). A cell that a spreadsheet would take for a formula is quoted with an apostrophe. */
export function writeCsv(rows: readonly JsonObject[], headers: readonly string[]): string {
  const line = (cells: readonly Json[]) => cells.map(cellOf).join(",");
  return `${[line([...headers]), ...rows.map((row) => line(headers.map((name) => row[name] ?? null)))].join("\n")}\n`;
}

/** A table as a Markdown table. */
export function writeMarkdown(rows: readonly JsonObject[], headers: readonly string[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
  return [
    line(headers),
    line(headers.map(() => "---")),
    ...rows.map((row) => line(headers.map((name) => asText(row[name])))),
  ].join("\n");
}

/** Writes `table` as text: `format` is `csv` (default), `markdown` or `json`; `headers` choose and order the columns. */
export const renderTable: Builtin = (input) => {
  const given = new InputReader(input);
  const rows = given.records("table");
  const headers = given.has("headers") ? given.texts("headers") : columnsOf(rows);
  const format = given.text("format", "csv");
  if (!["csv", "markdown", "json"].includes(format)) {
    throw new DomainError("invalid_request", `A table is not written as "${format}".`, {
      hint: "Use csv, markdown or json.",
    });
  }
  const text =
    format === "csv"
      ? writeCsv(rows, headers)
      : format === "markdown"
        ? writeMarkdown(rows, headers)
        : JSON.stringify(rows, null, 2);
  return {
    text,
    format,
    row_count: rows.length,
    status: "ok",
    rationale: `Wrote ${rows.length} rows as ${format}.`,
  };
};

function cellOf(value: Json): string {
  const text = asText(value);
  const safe = typeof value === "string" && /^[=+@\t\r]|^-(?!\d)/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
