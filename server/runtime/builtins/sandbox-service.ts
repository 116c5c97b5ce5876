import { z } from "zod";
import { DomainError } from "../../../core/errors.ts";
import { JsonObjectSchema } from "../../../core/field.ts";
import type { JsonObject } from "../../../core/json.ts";
import type { BuiltinContext } from "./builtin.ts";
import { bodyText, fetchUrl } from "./web/fetch-url.ts";

const RefusalSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** Where the local sandbox service runs; `unavailable` where it does not. */
export function getSandbox(context: BuiltinContext): { baseUrl: string; smtpPort: number } {
  if (context.sandbox === null) {
    throw new DomainError(
      "unavailable",
      "The local sandbox service (mail, tickets, payments) is not running.",
      {
        hint: "Start the server with it, or bind this capability to a real provider.",
      },
    );
  }
  return context.sandbox;
}

/** One JSON call of the sandbox service, with the ledger key. A refusal comes as an error that repeats the service's own words. */
export async function callSandbox(
  context: BuiltinContext,
  method: "GET" | "POST",
  path: string,
  body?: JsonObject,
): Promise<JsonObject> {
  const { baseUrl } = getSandbox(context);
  const answer = await fetchUrl(context, `${baseUrl}${path}`, {
    method,
    headers: {
      accept: "application/json",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(context.idempotencyKey === undefined || method === "GET"
        ? {}
        : { "idempotency-key": context.idempotencyKey }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const read = readJson(bodyText(answer));
  if (answer.status >= 200 && answer.status < 300 && read !== null) return read;
  const refusal = RefusalSchema.safeParse(read);
  const message = refusal.success
    ? refusal.data.error.message
    : `The sandbox service answered ${answer.status}.`;
  throw new DomainError(codeOf(answer.status), message, {
    details: { http_status: answer.status, path },
  });
}

function codeOf(status: number) {
  if (status === 404) return "not_found";
  if (status === 409 || status === 422) return "idempotency_conflict";
  return status >= 400 && status < 500 ? "invalid_request" : "upstream_failure";
}

function readJson(text: string): JsonObject | null {
  try {
    return JsonObjectSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
