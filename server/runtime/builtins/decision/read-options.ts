import { isJsonObject, type Json, type JsonObject } from "../../../../core/json.ts";
import { asText } from "../as-text.ts";

/** An option with its id, name and everything it says about itself as text. */
export type Option = { id: string; label: string; text: string; fields: JsonObject };

/** Reads options given as texts or as objects with id/label/title/description and attributes. */
export function readOptions(options: readonly Json[]): Option[] {
  return options.map((option, index) => {
    if (!isJsonObject(option))
      return { id: `option-${index + 1}`, label: asText(option), text: asText(option), fields: {} };
    const label =
      asText(option["label"] ?? option["title"] ?? option["name"] ?? option["id"]) ||
      `Option ${index + 1}`;
    return {
      id: asText(option["id"]) || `option-${index + 1}`,
      label,
      text: allText(option),
      fields: option,
    };
  });
}

/** Every text inside a JSON value, one per line, with the keys of plain fields before them. */
export function allText(value: Json): string {
  if (Array.isArray(value)) return value.map(allText).join("\n");
  if (!isJsonObject(value)) return asText(value);
  return Object.entries(value)
    .map(([key, field]) =>
      isJsonObject(field) || Array.isArray(field)
        ? allText(field)
        : `${key.replaceAll("_", " ")}: ${asText(field)}`,
    )
    .join("\n");
}
