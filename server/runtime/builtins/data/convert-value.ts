import { DomainError } from "../../../../core/errors.ts";
import type { Json } from "../../../../core/json.ts";
import { asText } from "../as-text.ts";

/** The types that values are converted to. */
export const VALUE_TYPES = ["string", "number", "integer", "boolean"] as const;

/** Converts a value to a plain type; what does not convert is `invalid_request` naming the field. Null stays null. */
export function convertValue(value: Json, type: string, field: string): Json {
  if (value === null) return null;
  const text = asText(value).trim();
  if (type === "string") return text;
  if (type === "boolean") {
    if (/^(?:true|yes|1|on)$/i.test(text)) return true;
    if (/^(?:false|no|0|off|)$/i.test(text)) return false;
  }
  if (type === "number" || type === "integer") {
    const number = text === "" ? Number.NaN : Number(text);
    if (Number.isFinite(number) && (type === "number" || Number.isInteger(number))) return number;
  }
  const isKnown = VALUE_TYPES.some((known) => known === type);
  throw new DomainError(
    "invalid_request",
    isKnown
      ? `"${field}" holds "${text.slice(0, 60)}", which is no ${type}.`
      : `There is no value type "${type}".`,
    {
      hint: isKnown
        ? "Filter or repair such records first."
        : `Use one of ${VALUE_TYPES.join(", ")}.`,
      details: { field },
    },
  );
}
