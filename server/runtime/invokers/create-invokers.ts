import type { Protocol } from "../../../core/binding.ts";
import { type BuiltinModules, type CreateBuiltinContext, createBuiltinInvoker } from "./builtin.ts";
import type { Invoker } from "./invoker.ts";
import { createMcpInvoker } from "./mcp.ts";
import type { InProcessServers } from "./mcp-in-process.ts";
import type { NetworkGuard } from "./network-guard.ts";
import { createOpenApiInvoker } from "./openapi.ts";
import { createOpenRpcInvoker } from "./openrpc.ts";
import type { BindingEnv } from "./resolve-placeholders.ts";
import { systemTiming, type Timing } from "./timing.ts";

export type InvokerParts = {
  guard: NetworkGuard;
  /** Variables that service files may name; see `bindableEnv`. */
  env: BindingEnv;
  modules: BuiltinModules;
  servers: InProcessServers;
  createContext: CreateBuiltinContext;
  allowStdio: boolean;
  timing?: Timing;
};

/** One invoker per protocol, sharing one network guard. `close` ends child processes and connections, the guard's too. */
export function createInvokers(parts: InvokerParts): {
  invokers: Readonly<Record<Protocol, Invoker>>;
  close(): Promise<void>;
} {
  const { guard, env, timing = systemTiming } = parts;
  const http = { guard, env, timing };
  const invokers: Record<Protocol, Invoker> = {
    builtin: createBuiltinInvoker(parts.modules, parts.createContext),
    openapi: createOpenApiInvoker(http),
    openrpc: createOpenRpcInvoker(http),
    mcp: createMcpInvoker(parts),
  };
  return {
    invokers,
    async close() {
      await Promise.all(Object.values(invokers).map(async (invoker) => invoker.close?.()));
      await guard.close();
    },
  };
}
