import { z } from "zod";
import type { Json, JsonObject } from "./json.ts";

export const JsonSchema: z.ZodType<Json> = z.json();
export const JsonObjectSchema: z.ZodType<JsonObject> = z.record(z.string(), z.json());

/** The plain types that a contract's field may declare. */
export const FIELD_TYPES = ["string", "array", "object", "number", "boolean", "integer"] as const;

/** One input or output of a capability or skill. `schema` is full JSON Schema (2020-12) and wins over `type`. */
export const FieldSchema = z.looseObject({
  type: z.enum(FIELD_TYPES).optional(),
  required: z.boolean().default(false),
  description: z.string().optional(),
  default: JsonSchema.optional(),
  schema: JsonObjectSchema.optional(),
});
export type Field = z.infer<typeof FieldSchema>;

export const FieldsSchema = z.record(z.string(), FieldSchema);
export type Fields = z.infer<typeof FieldsSchema>;
