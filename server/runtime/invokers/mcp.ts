import { toBuiltinError } from "./builtin.ts";
import { labelOf } from "./http-service.ts";
import { invocationAborted } from "./invocation-aborted.ts";
import {
  type Invocation,
  InvocationError,
  type InvocationResult,
  type Invoker,
} from "./invoker.ts";
import { currentMcpCall, type McpCall } from "./mcp-current-call.ts";
import { isLostSession, toCallError, toConnectError } from "./mcp-failure.ts";
import { readMcpResult } from "./mcp-result.ts";
import type { McpSession, McpTools } from "./mcp-session.ts";
import { McpSessions } from "./mcp-sessions.ts";
import { formatSeconds, startTimer } from "./timing.ts";
import { declaredTimeoutMs, transportSettingsOf } from "./transport-settings.ts";

/** The longest timer that Node can hold: the SDK's own timeout is put out of the way of ours. */
const NO_TIMEOUT_MS = 2_147_483_647;

/**
 * Calls tools of MCP servers: in this process, behind a command (stdio), or behind a URL (streamable HTTP).
 * Connections are kept per tenant and service and made again after they end. Close it to end child processes.
 */
export function createMcpInvoker(tools: McpTools): Invoker {
  const sessions = new McpSessions(tools);
  return {
    protocol: "mcp",
    async invoke(invocation) {
      refuseLargePayload(invocation);
      await using call = startCall(invocation);
      try {
        return await callOnce(sessions, call);
      } catch (error) {
        if (!isLostSession(error)) throw error;
        sessions.drop(invocation);
        return await callOnce(sessions, call);
      }
    },
    close: () => sessions.close(),
  };
}

async function callOnce(sessions: McpSessions, call: RunningCall): Promise<InvocationResult> {
  const { invocation } = call;
  let isConnected = false;
  const calling = sessions.with(invocation, async (session) => {
    isConnected = true;
    return await callTool(session, call);
  });
  try {
    return await Promise.race([calling, call.ended]);
  } catch (error) {
    calling.catch(() => {}); // abandoned: the race was lost to the end of the call
    if (call.signal.aborted) throw endOf(call, isConnected);
    throw isConnected ? error : toConnectError(error, invocation);
  }
}

async function callTool(session: McpSession, call: RunningCall): Promise<InvocationResult> {
  const { invocation, signal } = call;
  const { binding, payload, traceparent, idempotencyKey } = invocation;
  const meta = { traceparent, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) };
  const params = { name: binding.operation, arguments: payload, _meta: meta };
  try {
    const result = await currentMcpCall.run(call, () =>
      session.client.callTool(params, undefined, { signal, timeout: NO_TIMEOUT_MS }),
    );
    if (call.thrown !== undefined) throw toBuiltinError(call.thrown, invocation);
    return { response: readMcpResult(invocation, result, session.secrets) };
  } catch (error) {
    if (isLostSession(error)) throw error;
    throw toCallError(error, invocation, session);
  }
}

type RunningCall = McpCall & AsyncDisposable & { ended: Promise<never> };

function startCall(invocation: Invocation): RunningCall {
  const timeoutMs = declaredTimeoutMs(invocation);
  const own = new AbortController();
  const signal = AbortSignal.any([invocation.signal, own.signal]);
  const stopTimer = startTimer(timeoutMs, () => own.abort(timedOut(invocation, timeoutMs)));
  const { promise: ended, reject } = Promise.withResolvers<never>();
  ended.catch(() => {});
  const onAbort = () => reject(signal.reason);
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  return {
    invocation,
    signal,
    ended,
    thrown: undefined,
    breakOff: (reason) => own.abort(reason),
    async [Symbol.asyncDispose]() {
      stopTimer();
      signal.removeEventListener("abort", onAbort);
    },
  };
}

/** Why a call ended from outside. Before the connection stood nothing can have been sent. */
function endOf({ signal, invocation }: RunningCall, isConnected: boolean): InvocationError {
  if (invocation.signal.aborted) return invocationAborted(invocation.signal, isConnected);
  const reason: unknown = signal.reason;
  if (!(reason instanceof InvocationError)) return invocationAborted(signal, isConnected);
  if (isConnected) return reason;
  const { code, message, isServiceFault } = reason;
  return new InvocationError(code, message, {
    details: reason.details ?? {},
    possiblySent: false,
    isServiceFault,
  });
}

function timedOut(invocation: Invocation, timeoutMs: number): InvocationError {
  return new InvocationError(
    "upstream_timeout",
    `The MCP server of ${labelOf(invocation)} did not answer within ${formatSeconds(timeoutMs)}.`,
    {
      details: { reason: "timeout", timeout_ms: timeoutMs },
      possiblySent: true,
      isServiceFault: true,
    },
  );
}

function refuseLargePayload(invocation: Invocation): void {
  const { maxRequestBytes } = transportSettingsOf(invocation);
  const bytes = Buffer.byteLength(JSON.stringify(invocation.payload));
  if (bytes <= maxRequestBytes) return;
  throw new InvocationError(
    "payload_too_large",
    `The request to ${labelOf(invocation)} has ${bytes} bytes, ${maxRequestBytes} are allowed.`,
    {
      details: { bytes, max_bytes: maxRequestBytes },
      possiblySent: false,
      isServiceFault: false,
    },
  );
}
