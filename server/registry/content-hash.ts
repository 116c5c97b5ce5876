import { createHash } from "node:crypto";
import { toCanonicalJson, type Json } from "../../core/json.ts";

/** sha256 over the RFC 8785 text of a document, as 64 hex digits. Comments, order of keys and layout do not count. */
export function contentHashOf(document: Json): string {
  return createHash("sha256").update(toCanonicalJson(document)).digest("hex");
}
