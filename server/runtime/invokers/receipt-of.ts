import { isJsonObject, type Json } from "../../../core/json.ts";

/** Where providers commonly put the name of what they did, the most telling first. */
const RECEIPT_KEYS = [
  "receipt",
  "receipt_id",
  "message_id",
  "charge_id",
  "ticket_id",
  "id",
] as const;

/** What the provider calls the thing it did, as its answer tells it; null where it tells nothing. */
export function receiptOf(response: Json): string | null {
  if (!isJsonObject(response)) return null;
  for (const key of RECEIPT_KEYS) {
    const value = response[key];
    if (typeof value === "string" && value !== "") return value.slice(0, 200);
    if (typeof value === "number") return String(value);
  }
  return null;
}
