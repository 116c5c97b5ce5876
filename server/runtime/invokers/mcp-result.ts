import { CallToolResultSchema } from "@modelcontextprotocol/sdk/types.js";
import { JsonObjectSchema } from "../../../core/field.ts";
import type { Json } from "../../../core/json.ts";
import { MAX_EXCERPT_CHARACTERS } from "./http-status-error.ts";
import { labelOf } from "./http-service.ts";
import { type Invocation, InvocationError } from "./invoker.ts";
import { hideSecrets } from "./resolve-placeholders.ts";

/**
 * The value of a tool's result: its structured content, else its text parsed as JSON, else `{text}`. A result that
 * says it is an error becomes `upstream_failure`; the tool spoke, so the service is not at fault.
 */
export function readMcpResult(
  invocation: Invocation,
  result: unknown,
  secrets: ReadonlySet<string>,
): Json {
  const { isError, structuredContent, content } = CallToolResultSchema.parse(result);
  const text = content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
  if (isError === true) {
    throw new InvocationError(
      "upstream_failure",
      `The tool ${invocation.binding.operation} of ${labelOf(invocation)} failed.`,
      {
        details: {
          reason: "tool_error",
          text: hideSecrets(text, secrets).slice(0, MAX_EXCERPT_CHARACTERS),
        },
        possiblySent: true,
        isServiceFault: false,
      },
    );
  }
  if (structuredContent !== undefined) return JsonObjectSchema.parse(structuredContent);
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    return { text };
  }
}
