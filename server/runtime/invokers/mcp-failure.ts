import { StreamableHTTPError } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ErrorCode, McpError } from "@modelcontextprotocol/sdk/types.js";
import { DomainError } from "../../../core/errors.ts";
import { MAX_EXCERPT_CHARACTERS } from "./http-status-error.ts";
import { labelOf } from "./http-service.ts";
import { type Invocation, InvocationError } from "./invoker.ts";
import type { McpSession } from "./mcp-session.ts";
import { hideSecrets } from "./resolve-placeholders.ts";

/** What a failed connection means: whatever was said to the server, no tool was called yet. */
export function toConnectError(error: unknown, invocation: Invocation): DomainError {
  if (error instanceof InvocationError) {
    const { code, message, hint, details, isServiceFault, cause } = error;
    return new InvocationError(code, message, {
      ...(hint === undefined ? {} : { hint }),
      ...(details === undefined ? {} : { details }),
      possiblySent: false,
      isServiceFault,
      cause,
    });
  }
  if (error instanceof DomainError) return error;
  const status = error instanceof StreamableHTTPError ? { status: error.code ?? 0 } : {};
  return new InvocationError(
    "upstream_failure",
    `The MCP server of ${labelOf(invocation)} could not be reached or started.`,
    {
      hint: "Check the command or url in the service file.",
      details: { reason: "connection", ...status },
      possiblySent: false,
      isServiceFault: true,
      cause: error,
    },
  );
}

/** What a failed tool call means for the ledger and the breaker. */
export function toCallError(
  error: unknown,
  invocation: Invocation,
  session: McpSession,
): InvocationError {
  if (error instanceof InvocationError) return error;
  const label = labelOf(invocation);
  if (session.isClosed()) {
    return new InvocationError(
      "upstream_failure",
      `The MCP server of ${label} died during the call.`,
      {
        hint: "The next call starts or connects it again.",
        details: { reason: "connection" },
        possiblySent: true,
        isServiceFault: true,
        cause:
          session.lastWords() === "" ? error : new Error(session.lastWords(), { cause: error }),
      },
    );
  }
  if (error instanceof McpError) return rpcError(error, label, session);
  if (error instanceof StreamableHTTPError) return httpError(error, label);
  return new InvocationError(
    "upstream_failure",
    `The MCP server of ${label} gave no valid answer.`,
    {
      details: { reason: "not_mcp" },
      possiblySent: true,
      isServiceFault: true,
      cause: error,
    },
  );
}

/** True where the server says that it does not know our session: it was started again, and did not run the call. */
export function isLostSession(error: unknown): boolean {
  return error instanceof StreamableHTTPError && error.code === 404;
}

const REFUSALS = new Set<number>([
  ErrorCode.ParseError,
  ErrorCode.InvalidRequest,
  ErrorCode.MethodNotFound,
  ErrorCode.InvalidParams,
]);

const FAULTS = new Set<number>([ErrorCode.InternalError]);

function rpcError(error: McpError, label: string, session: McpSession): InvocationError {
  const isRefusal = REFUSALS.has(error.code);
  return new InvocationError(
    "upstream_failure",
    `The MCP server of ${label} answered with the error ${error.code}.`,
    {
      ...(isRefusal
        ? {
            hint: "Check that operation names a tool of the server and that the request fits its input.",
          }
        : {}),
      details: {
        reason: "rpc_error",
        rpc_code: error.code,
        rpc_message: hideSecrets(error.message, session.secrets).slice(0, MAX_EXCERPT_CHARACTERS),
      },
      possiblySent: !isRefusal,
      isServiceFault: FAULTS.has(error.code),
    },
  );
}

function httpError(error: StreamableHTTPError, label: string): InvocationError {
  const status = error.code ?? 0;
  const isRefusal = status >= 400 && status < 500 && status !== 408 && status !== 409;
  return new InvocationError(
    "upstream_failure",
    `The MCP server of ${label} answered with HTTP status ${status}.`,
    {
      details: { reason: "status", status },
      possiblySent: !isRefusal,
      isServiceFault: !isRefusal,
      cause: error,
    },
  );
}
