import { DomainError } from "../../../../core/errors.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../../core/json.ts";
import { asText } from "../as-text.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { lookUp } from "../look-up.ts";
import { columnsOf, writeMarkdown } from "../table/render-csv.ts";

type Style = { title: (text: string) => string; line: (name: string, value: string) => string };

const STYLES: Readonly<Record<string, Style>> = {
  plain: { title: (text) => text, line: (name, value) => `${name}: ${value}` },
  text: { title: (text) => text, line: (name, value) => `${name}: ${value}` },
  markdown: { title: (text) => `## ${text}`, line: (name, value) => `- **${name}:** ${value}` },
  html: {
    title: (text) => `<h2>${escapeHtml(text)}</h2>`,
    line: (name, value) => `<p><strong>${escapeHtml(name)}:</strong> ${escapeHtml(value)}</p>`,
  },
};

/**
 * Lays out `data` as a message: one line per field, lists of objects as tables (markdown) or lines. `instruction` becomes the heading.
 * `format`: `plain` (default), `markdown`, `html` (escaped), `json`.
 */
export const formatMessage: Builtin = (input) => {
  const given = new InputReader(input);
  const [data, format, heading] = [
    given.object("data"),
    given.text("format", "plain").toLowerCase(),
    given.text("instruction", ""),
  ];
  if (format === "json")
    return {
      text: JSON.stringify(data, null, 2),
      format,
      status: "ok",
      rationale: "Written as JSON.",
    };
  const style = lookUp(STYLES, format);
  if (style === undefined)
    throw new DomainError("invalid_request", `A message is not written as "${format}".`, {
      hint: "Use plain, markdown, html or json.",
    });
  const lines = Object.entries(data).map(([name, value]) =>
    writeField(name.replaceAll("_", " "), value, format, style),
  );
  return {
    text: [...(heading === "" ? [] : [style.title(heading)]), ...lines].join("\n"),
    format,
    status: "ok",
    rationale: `Wrote ${lines.length} fields as ${format}.`,
  };
};

function writeField(name: string, value: Json, format: string, style: Style): string {
  if (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every(isJsonObject) &&
    format === "markdown"
  ) {
    const rows: JsonObject[] = value;
    return `\n### ${name}\n\n${writeMarkdown(rows, columnsOf(rows))}\n`;
  }
  if (Array.isArray(value))
    return style.line(
      name,
      value.map((item) => (isJsonObject(item) ? flat(item) : asText(item))).join("; "),
    );
  return style.line(name, isJsonObject(value) ? flat(value) : asText(value));
}

function flat(value: JsonObject): string {
  return Object.entries(value)
    .map(([key, field]) => `${key} ${asText(field)}`)
    .join(", ");
}

/** Makes a text safe inside HTML. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
