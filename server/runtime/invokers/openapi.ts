import { callService, type HttpTools } from "./http-service.ts";
import type { Invoker } from "./invoker.ts";
import { toOpenApiRequest } from "./openapi-request.ts";
import { readOpenApiResponse } from "./openapi-response.ts";

/** Calls HTTP services: one operation below a base URL per binding (`origins/orca.md` §3.3). */
export function createOpenApiInvoker(tools: HttpTools): Invoker {
  return {
    protocol: "openapi",
    async invoke(invocation) {
      const answer = await callService(tools, invocation, toOpenApiRequest(invocation));
      return { response: readOpenApiResponse(invocation, answer) };
    },
  };
}
