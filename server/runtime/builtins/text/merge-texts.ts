import { isJsonObject, type Json } from "../../../../core/json.ts";
import { asText } from "../as-text.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";

const BODY_FIELDS = ["content", "text", "body", "snippet", "summary", "description", "value"];
const TITLE_FIELDS = ["title", "subject", "name", "id"];

/**
 * Joins `items` into one text with `separator` (a blank line unless given). An item is a text, or an object whose
 * content/text/body/snippet/summary is taken (otherwise its fields as `name: value` lines); null items are left out.
 * `include_headers` puts the item's title above it.
 */
export const mergeTexts: Builtin = (input) => {
  const given = new InputReader(input);
  const withHeaders = given.flag("include_headers", false);
  const parts = given
    .list("items", [])
    .map((item) => textOfItem(item, withHeaders))
    .filter((part) => part !== "");
  return {
    text: parts.join(given.text("separator", "\n\n")),
    item_count: parts.length,
    status: "ok",
    rationale: `Joined ${parts.length} texts.`,
  };
};

/** The text that an item of a list stands for; empty for null. */
export function textOfItem(item: Json, withHeader = false): string {
  if (!isJsonObject(item)) return asText(item).trim();
  const bodyField = BODY_FIELDS.find((field) => asText(item[field]).trim() !== "");
  const hasBody = BODY_FIELDS.some((field) => typeof item[field] === "string");
  const body =
    bodyField === undefined ? (hasBody ? "" : asLines(item)) : asText(item[bodyField]).trim();
  const title = TITLE_FIELDS.map((field) => item[field]).find(
    (value) => typeof value === "string" && value !== "",
  );
  return withHeader && typeof title === "string" ? `## ${title}\n${body}` : body;
}

function asLines(item: { [key: string]: Json }): string {
  return Object.entries(item)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `${key}: ${asText(value)}`)
    .join("\n");
}
