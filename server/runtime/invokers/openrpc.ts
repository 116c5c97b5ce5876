import { z } from "zod";
import { JsonSchema } from "../../../core/field.ts";
import type { Json } from "../../../core/json.ts";
import { callService, type HttpTools, labelOf, type ServiceAnswer } from "./http-service.ts";
import { MAX_EXCERPT_CHARACTERS } from "./http-status-error.ts";
import { type Invocation, InvocationError, type Invoker } from "./invoker.ts";
import { parseJsonAnswer } from "./openapi-response.ts";
import { hideSecrets } from "./resolve-placeholders.ts";

/** One request per HTTP message, so a constant id is enough; what matters is that the answer repeats it. */
const REQUEST_ID = 1;

const RpcAnswerSchema = z.union([
  z.object({
    jsonrpc: z.literal("2.0"),
    id: z.union([z.literal(REQUEST_ID), z.null()]),
    error: z.object({ code: z.int(), message: z.string() }),
  }),
  z.object({ jsonrpc: z.literal("2.0"), id: z.literal(REQUEST_ID), result: JsonSchema }),
]);

/** Calls JSON-RPC 2.0 services by POST to their base URL; the operation is the method's name. */
export function createOpenRpcInvoker(tools: HttpTools): Invoker {
  return {
    protocol: "openrpc",
    async invoke(invocation) {
      const { operation } = invocation.binding;
      const answer = await callService(tools, invocation, {
        method: "POST",
        path: null,
        body: JSON.stringify({
          jsonrpc: "2.0",
          method: operation,
          params: invocation.payload,
          id: REQUEST_ID,
        }),
        accept: "application/json",
      });
      return { response: readResult(invocation, answer) };
    },
  };
}

function readResult(invocation: Invocation, answer: ServiceAnswer): Json {
  const parsed = RpcAnswerSchema.safeParse(parseJsonAnswer(invocation, answer));
  if (!parsed.success) {
    throw new InvocationError(
      "upstream_failure",
      `The ${labelOf(invocation)} gave no JSON-RPC 2.0 answer to this request.`,
      {
        hint: 'An answer has "jsonrpc": "2.0", the id of the request, and either "result" or "error".',
        details: { reason: "not_json_rpc" },
        possiblySent: true,
        isServiceFault: true,
      },
    );
  }
  if ("result" in parsed.data) return parsed.data.result;
  const { code, message } = parsed.data.error;
  throw new InvocationError(
    "upstream_failure",
    `The ${labelOf(invocation)} answered with the JSON-RPC error ${code}.`,
    {
      details: {
        reason: "rpc_error",
        rpc_code: code,
        rpc_message: hideSecrets(message, answer.secrets).slice(0, MAX_EXCERPT_CHARACTERS),
      },
      possiblySent: !isRefusal(code),
      isServiceFault: code === INTERNAL_ERROR || (code >= -32_099 && code <= -32_000),
    },
  );
}

const INTERNAL_ERROR = -32_603;

/** Parse error, invalid request, unknown method, invalid parameters: the method did not run. */
function isRefusal(code: number): boolean {
  return code === -32_700 || (code >= -32_602 && code <= -32_600);
}
