import type { Json } from "../../core/json.ts";

/** A value as text: a string as it is, anything else as JSON, nothing as "". */
export function jsonText(value: Json | undefined): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
