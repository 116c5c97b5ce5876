import type { Json, JsonObject } from "../../../core/json.ts";
import { isUtf8 } from "node:buffer";
import { labelOf, type ServiceAnswer } from "./http-service.ts";
import { excerptOf } from "./http-status-error.ts";
import { decodeText, mediaTypeOf } from "./http-text.ts";
import { type Invocation, InvocationError } from "./invoker.ts";

/** The value of an answer by the binding's `response_mode`; a body that is not what was asked for is the service's fault. */
export function readOpenApiResponse(invocation: Invocation, answer: ServiceAnswer): Json {
  switch (invocation.binding.metadata.response_mode ?? "json") {
    case "text":
      return { text: decodeText(answer) };
    case "raw":
      return readRaw(answer);
    case "json":
      return parseJsonAnswer(invocation, answer);
  }
}

/** Text as text; bytes that are no text as base64, said so by `encoding`. */
function readRaw(answer: ServiceAnswer): JsonObject {
  const contentType = answer.headers["content-type"] ?? "";
  if (isUtf8(answer.body) || /charset=/i.test(contentType)) {
    return { body: decodeText(answer), content_type: contentType };
  }
  return {
    body: Buffer.from(answer.body).toString("base64"),
    content_type: contentType,
    encoding: "base64",
  };
}

/** The JSON of an answer, `{}` where it has no body. Throws `upstream_failure` for anything else, HTML above all. */
export function parseJsonAnswer(invocation: Invocation, answer: ServiceAnswer): Json {
  if (answer.status === 204 || answer.body.length === 0) return {};
  try {
    const value: Json = JSON.parse(decodeText(answer));
    return value;
  } catch {
    const contentType = mediaTypeOf(answer) || "no content type";
    throw new InvocationError(
      "upstream_failure",
      `The ${labelOf(invocation)} answered with ${contentType} that is not JSON.`,
      {
        hint: contentType.includes("html")
          ? "A web page came back: check base_url and operation, and whether a proxy or sign-in page stands before the service."
          : 'Set metadata.response_mode to "text" or "raw" if the service does not speak JSON.',
        details: {
          reason: "not_json",
          status: answer.status,
          content_type: contentType,
          body: excerptOf(answer, answer.secrets),
        },
        possiblySent: true,
        isServiceFault: true,
      },
    );
  }
}
