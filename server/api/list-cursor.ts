import type { z } from "zod";
import { DomainError } from "../../core/errors.ts";
import type { Json } from "../../core/json.ts";

/** A list position as an opaque word. */
export function encodeCursor(position: Json): string {
  return Buffer.from(JSON.stringify(position)).toString("base64url");
}

/** The position in a cursor that `encodeCursor` made; `invalid_request` for any other text. */
export function decodeCursor<T extends z.ZodType>(cursor: string, schema: T): z.output<T> {
  const parsed = schema.safeParse(parseJson(Buffer.from(cursor, "base64url").toString("utf8")));
  if (parsed.success) return parsed.data;
  throw new DomainError("invalid_request", "The cursor is not one of this list.", {
    hint: "Use next_cursor of the page before as it is, or leave the cursor out to begin at the top.",
    details: { fields: [{ path: "cursor", message: "not a cursor of this list" }] },
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
