import type { Json } from "../../../core/json.ts";

/** A value as text: a text as it is, everything else as JSON. */
export function asText(value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
