import type { Json } from "./json.ts";

/**
 * True where a database can search a value: none of its texts and keys holds NUL or half of a surrogate pair, which
 * JSON text may carry but PostgreSQL's `jsonb` refuses.
 */
export function isSearchableJson(value: Json): boolean {
  let pending: Json[] = [value];
  while (pending.length > 0) {
    const next: Json[] = [];
    for (const item of pending) {
      if (typeof item === "string" && !isSearchable(item)) return false;
      if (typeof item !== "object" || item === null) continue;
      if (!Array.isArray(item) && !Object.keys(item).every(isSearchable)) return false;
      next.push(...Object.values(item));
    }
    pending = next;
  }
  return true;
}

function isSearchable(text: string): boolean {
  return text.isWellFormed() && !text.includes("\0");
}
