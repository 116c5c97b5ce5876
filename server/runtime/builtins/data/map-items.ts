import { isJsonObject, type Json, type JsonObject } from "../../../../core/json.ts";
import { asText } from "../as-text.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { lookUp } from "../look-up.ts";
import { fillTemplate } from "../text/render-template.ts";
import { convertValue, VALUE_TYPES } from "./convert-value.ts";
import { readPath } from "./read-path.ts";

/**
 * Makes a list of the same length. `expression` is one of: a path into each item (`item.name`, `name`, `address.0.zip`);
 * a type (`string number integer boolean`); `upper`, `lower`, `trim`, `length`; or a template with `{{item.…}}`,
 * `{{index}}` and `{{context.…}}`. A path that leads nowhere gives null.
 */
export const mapItems: Builtin = (input, context) => {
  const given = new InputReader(input);
  const expression = given.text("expression").trim();
  const shared = given.object("context", {});
  const items = given.list("items").map((item, index) => {
    context.signal.throwIfAborted();
    return mapOne(item, index, expression, shared);
  });
  return {
    items,
    item_count: items.length,
    status: "ok",
    rationale: `Applied "${expression}" to ${items.length} items.`,
  };
};

const TEXT_CHANGES: Readonly<Record<string, (text: string) => Json>> = {
  upper: (text) => text.toUpperCase(),
  lower: (text) => text.toLowerCase(),
  trim: (text) => text.trim(),
};

function mapOne(item: Json, index: number, expression: string, shared: JsonObject): Json {
  if (expression.includes("{{"))
    return fillTemplate(expression, { item, index, context: shared }).text;
  if (expression === "length")
    return Array.isArray(item)
      ? item.length
      : isJsonObject(item)
        ? Object.keys(item).length
        : asText(item).length;
  const change = lookUp(TEXT_CHANGES, expression);
  if (change !== undefined) return change(asText(item));
  if (VALUE_TYPES.some((type) => type === expression))
    return convertValue(item, expression, `items[${index}]`);
  if (expression === "item" || expression === "") return item;
  return readPath(item, expression.startsWith("item.") ? expression.slice(5) : expression) ?? null;
}
