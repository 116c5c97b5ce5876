import { DomainError } from "../../../../core/errors.ts";
import { isJsonObject, type Json } from "../../../../core/json.ts";
import { asText } from "../as-text.ts";
import type { Builtin } from "../builtin.ts";
import { parseJsonText } from "../data/parse-json.ts";
import { InputReader } from "../input-reader.ts";
import { type Answer, bodyText, fetchUrl } from "./fetch-url.ts";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/**
 * Sends one HTTP request and returns what came back, whatever its status: `success` is true for 2xx. A JSON answer is in
 * `body` (a list or plain value as `{value}`), any other as `{text}`. An acting call carries its ledger key as `Idempotency-Key`.
 */
export const sendRequest: Builtin = async (input, context) => {
  const given = new InputReader(input);
  const method = given.text("method", "GET").toUpperCase();
  if (!METHODS.includes(method))
    throw new DomainError("invalid_request", `There is no HTTP method "${method}".`, {
      hint: `Use one of ${METHODS.join(", ")}.`,
    });
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(given.object("headers", {})))
    headers[name.toLowerCase()] = headerValue(name, asText(value));
  if (context.idempotencyKey !== undefined && method !== "GET" && method !== "HEAD")
    headers["idempotency-key"] ??= context.idempotencyKey;
  const hasBody = given.has("body") && method !== "GET" && method !== "HEAD";
  if (hasBody) headers["content-type"] ??= "application/json";
  const answer = await fetchUrl(context, given.text("url"), {
    method,
    headers,
    ...(hasBody ? { body: asText(given.json("body")) } : {}),
  });
  const isSuccess = answer.status >= 200 && answer.status < 300;
  return {
    status_code: answer.status,
    headers: answer.headers,
    body: readBody(answer),
    success: isSuccess,
    status: isSuccess ? "ok" : "partial",
    rationale: `${method} ${answer.url} answered ${answer.status}.`,
  };
};

function readBody(answer: Answer): { [key: string]: Json } {
  const text = bodyText(answer);
  if (!(answer.headers["content-type"] ?? "").includes("json") || text === "") return { text };
  try {
    const value = parseJsonText(text);
    return isJsonObject(value) ? value : { value };
  } catch {
    return { text };
  }
}

function headerValue(name: string, value: string): string {
  const isPlain =
    /^[\w-]{1,100}$/.test(name) &&
    // oxlint-disable-next-line no-control-regex -- control characters are exactly what is refused
    !/[\u0000-\u001f\u007f]/.test(value);
  if (!isPlain)
    throw new DomainError(
      "invalid_request",
      `The header "${name.slice(0, 100)}" holds characters that a header may not.`,
    );
  return value;
}
