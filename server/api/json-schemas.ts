import { z } from "zod";
import { ERROR_CODES, type ErrorCode, type ErrorRecord, isErrorCode } from "../../core/errors.ts";
import { isSearchableJson } from "../../core/searchable-json.ts";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";

/** A JSON object, looked at from outside only: what is inside came from a JSON text, the request's or our own. */
export const AnyJsonObject = z
  .custom<JsonObject>(isJsonObject, "expected a JSON object")
  .meta({ type: "object", additionalProperties: true });

/** Any JSON value, looked at in the same way. */
export const AnyJson = z.custom<Json>((value) => value !== undefined);

/** What a person says, kept in history: 1 to 2,000 characters that a database can store. */
export const CommentSchema = z
  .string()
  .trim()
  .min(1)
  .max(2_000)
  .refine(isSearchableJson, "holds NUL or half of a surrogate pair, which cannot be stored");

/** A moment, RFC 3339 in UTC. */
export const TimeOut = z.string().meta({ format: "date-time" });

export const ErrorCodeOut = z
  .custom<ErrorCode>((value) => typeof value === "string" && isErrorCode(value))
  .meta({ type: "string", enum: Object.keys(ERROR_CODES) });

/** An error as it stands in a run's history. */
export const ErrorRecordSchema = z.object({
  code: ErrorCodeOut,
  message: z.string(),
  hint: z.string().exactOptional(),
  details: AnyJsonObject.exactOptional(),
}) satisfies z.ZodType<ErrorRecord>;
