import { DomainError } from "../../../../core/errors.ts";
import { isJsonObject, type Json } from "../../../../core/json.ts";
import { asText } from "../as-text.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { textOfItem } from "../text/merge-texts.ts";
import { splitWords } from "../text/sentences.ts";
import { escapeHtml } from "./format-message.ts";

/**
 * Lays out a document: `instruction` as its title, `context` as its opening, `sections` (`{title|heading, content|text}` or texts) in order.
 * `format`: `markdown` (default), `html` (escaped), `text`. It arranges what it is given and writes nothing of its own: `partial` without sections.
 */
export const generateDocument: Builtin = (input) => {
  const given = new InputReader(input);
  const format = given.text("format", "markdown").toLowerCase();
  if (!["markdown", "html", "text"].includes(format))
    throw new DomainError("invalid_request", `A document is not written as "${format}".`, {
      hint: "Use markdown, html or text.",
    });
  const sections = given.list("sections", []).map(readSection);
  const opening = given.text("context", "");
  const parts = [
    heading(given.text("instruction"), 1, format),
    ...(opening === "" ? [] : [paragraph(opening, format)]),
  ];
  for (const section of sections) {
    if (section.title !== "") parts.push(heading(section.title, 2, format));
    parts.push(paragraph(section.text, format));
  }
  const document = parts.join("\n\n");
  return {
    document,
    format,
    word_count: splitWords(document).length,
    status: sections.length === 0 ? "partial" : "ok",
    rationale:
      sections.length === 0
        ? "No sections were given; no language model is bound to write them."
        : `Arranged ${sections.length} sections.`,
  };
};

function readSection(section: Json): { title: string; text: string } {
  if (!isJsonObject(section)) return { title: "", text: asText(section) };
  return { title: asText(section["title"] ?? section["heading"]), text: textOfItem(section) };
}

function heading(text: string, level: 1 | 2, format: string): string {
  if (format === "html") return `<h${level}>${escapeHtml(text)}</h${level}>`;
  return format === "markdown" ? `${"#".repeat(level)} ${text}` : text;
}

function paragraph(text: string, format: string): string {
  return format === "html"
    ? text
        .split("\n\n")
        .map((part) => `<p>${escapeHtml(part)}</p>`)
        .join("\n")
    : text;
}
