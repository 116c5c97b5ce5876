import { AsyncLocalStorage } from "node:async_hooks";
import type { Invocation } from "./invoker.ts";

/** The MCP call under way: what transports and in-process servers know of it beyond the protocol's messages. */
export type McpCall = {
  invocation: Invocation;
  /** The call's own signal: the caller's, its timeout, or a transport that lost the answer. */
  signal: AbortSignal;
  /** Ends the call now, from below the protocol. */
  breakOff: (reason: Error) => void;
  /** What an in-process tool threw, which the protocol would only tell as text. */
  thrown: unknown;
};

/** Set while a tool is called; the SDK sends within the same asynchronous context. */
export const currentMcpCall = new AsyncLocalStorage<McpCall>();
