import path from "node:path";
import { DomainError } from "../../../../core/errors.ts";
import { isJsonObject } from "../../../../core/json.ts";
import type { Builtin } from "../builtin.ts";
import { parseJsonText } from "../data/parse-json.ts";
import { readSandboxFile, writeSandboxFile } from "../fs/sandbox-files.ts";
import { InputReader } from "../input-reader.ts";
import { readCsv } from "./parse-csv.ts";
import { columnsOf, writeCsv } from "./render-csv.ts";

/** Reads a `.csv`, `.tsv` or `.json` (list of objects) file of the sandbox folder as a table. `range` is `first-last` of data rows, from 1. */
export const readSheet: Builtin = async (input, context) => {
  const given = new InputReader(input);
  const name = given.text("path");
  const kind = kindOf(name);
  const text = (await readSandboxFile(context, name)).toString("utf8");
  const sheet =
    kind === "json" ? readJsonTable(text, name) : readCsv(text, kind === "tsv" ? "\t" : null, true);
  const [first, last] = rangeOf(given.text("range", ""), sheet.rows.length);
  const table = sheet.rows.slice(first - 1, last);
  return {
    table,
    headers: sheet.headers,
    row_count: table.length,
    status: "ok",
    rationale: `Read ${table.length} rows from ${name}.`,
  };
};

/** Writes `table` to a `.csv`, `.tsv` or `.json` file of the sandbox folder, replacing it. The same call twice leaves the same file. */
export const writeSheet: Builtin = async (input, context) => {
  const given = new InputReader(input);
  const name = given.text("path");
  const rows = given.records("table");
  const headers = given.has("headers") ? given.texts("headers") : columnsOf(rows);
  const kind = kindOf(name);
  if (kind === "tsv") throw unreadable(name);
  await writeSandboxFile(
    context,
    name,
    kind === "json" ? JSON.stringify(rows, null, 2) : writeCsv(rows, headers),
    "replace",
  );
  return {
    written: true,
    row_count: rows.length,
    path: name,
    status: "ok",
    rationale: `Wrote ${rows.length} rows to ${name}.`,
  };
};

function kindOf(name: string): "csv" | "tsv" | "json" {
  const extension = path.extname(name).toLowerCase();
  if (extension === ".csv" || extension === ".txt" || extension === "") return "csv";
  if (extension === ".tsv" || extension === ".json") return extension === ".tsv" ? "tsv" : "json";
  throw unreadable(name);
}

function unreadable(name: string): DomainError {
  return new DomainError(
    "invalid_request",
    `"${name}" is not a table file that this binding handles.`,
    {
      hint: "Use .csv or .json (reading also takes .tsv). Save a spreadsheet as CSV first.",
    },
  );
}

function readJsonTable(text: string, name: string) {
  const value = parseJsonText(text);
  if (!Array.isArray(value) || !value.every(isJsonObject))
    throw new DomainError("invalid_request", `"${name}" is not a JSON list of objects.`);
  return { headers: columnsOf(value), rows: value };
}

function rangeOf(range: string, count: number): [number, number] {
  if (range === "") return [1, count];
  const match = /^(\d{1,9})(?:[-:](\d{1,9}))?$/.exec(range.trim());
  if (match?.[1] === undefined)
    throw new DomainError("invalid_request", `The range "${range}" is not understood.`, {
      hint: "Write first-last, such as 1-100.",
    });
  return [Math.max(1, Number(match[1])), match[2] === undefined ? count : Number(match[2])];
}
