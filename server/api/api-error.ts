import { TRPCError } from "@trpc/server";
import { z } from "zod";
import { isConnectionError } from "../database/connection-error.ts";
import { isUnstorableText } from "../database/unstorable-text.ts";
import { DomainError, ERROR_CODES, type ErrorRecord, toErrorRecord } from "../../core/errors.ts";

/** What a caller may know of anything thrown while a call was served: our own code, never a stack. */
export function toApiError(thrown: unknown): ErrorRecord {
  if (!(thrown instanceof TRPCError)) return databaseError(thrown) ?? toErrorRecord(thrown);
  if (thrown.cause instanceof DomainError) return thrown.cause.toRecord();
  const ofDatabase = databaseError(thrown.cause);
  if (ofDatabase !== null) return ofDatabase;
  if (thrown.code === "BAD_REQUEST" && thrown.cause instanceof z.core.$ZodError)
    return inputError(thrown.cause);
  const [code, message] = TRANSPORT_ERRORS[thrown.code] ?? [];
  return code === undefined || message === undefined ? toErrorRecord(thrown) : { code, message };
}

function databaseError(thrown: unknown): ErrorRecord | null {
  if (isConnectionError(thrown)) return DATABASE_AWAY;
  return isUnstorableText(thrown) ? NUL_IN_TEXT : null;
}

const NUL_IN_TEXT: ErrorRecord = {
  code: "invalid_request",
  message: "A name, id or filter of the request holds the NUL character (\\u0000).",
  hint: "Take it out: nothing has such a name.",
};

const DATABASE_AWAY: ErrorRecord = {
  code: "unavailable",
  message: "The database cannot be reached at the moment.",
  hint: "Try again shortly. Runs go on once it is back.",
};

/** The HTTP status that belongs to an error. */
export function statusOf(record: ErrorRecord): number {
  return ERROR_CODES[record.code].http;
}

const TRANSPORT_ERRORS: Partial<Record<TRPCError["code"], [ErrorRecord["code"], string]>> = {
  PARSE_ERROR: ["invalid_request", "The request is not readable as JSON."],
  BAD_REQUEST: ["invalid_request", "The request is not one that this operation understands."],
  NOT_FOUND: ["not_found", "There is no such operation."],
  METHOD_NOT_SUPPORTED: ["method_not_allowed", "This operation is not served for that method."],
  PAYLOAD_TOO_LARGE: ["payload_too_large", "The request body is larger than 10 MiB."],
  UNSUPPORTED_MEDIA_TYPE: ["invalid_request", "The request body must be application/json."],
};

/** Zod speaks to programmers of its schemas; a caller only sees JSON, where nothing is "undefined". */
function wordsOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "unrecognized_keys")
    return `unknown ${issue.keys.length === 1 ? "field" : "fields"} ${issue.keys.map((key) => JSON.stringify(key)).join(", ")}`;
  if (issue.code === "invalid_type" && issue.message.endsWith("received undefined"))
    return `missing, expected ${issue.expected}`;
  return issue.message.replace(/^Invalid (?:input|option): /, "");
}

function inputError(error: z.core.$ZodError): ErrorRecord {
  const fields = error.issues
    .slice(0, 50)
    .map((issue) => ({ path: issue.path.join("."), message: wordsOf(issue) }));
  const [first] = fields;
  const place = first === undefined || first.path === "" ? "" : ` at ${first.path}`;
  return {
    code: "invalid_request",
    message: `The input is not valid${place}: ${first?.message ?? "unknown reason"}.`,
    hint: "The OpenAPI document at /api/v1/openapi.json states every input.",
    details: { fields },
  };
}
