import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { DomainError } from "../../../core/errors.ts";
import type { CreateBuiltinContext } from "./builtin.ts";
import { configuredHeaders, labelOf } from "./http-service.ts";
import type { Invocation } from "./invoker.ts";
import { createMcpFetch } from "./mcp-guarded-fetch.ts";
import { createInProcessServer, type InProcessServers } from "./mcp-in-process.ts";
import { type McpTarget, mcpTargetOf } from "./mcp-target.ts";
import type { NetworkGuard } from "./network-guard.ts";
import type { BindingEnv } from "./resolve-placeholders.ts";
import { TextTail } from "./text-tail.ts";
import { transportSettingsOf } from "./transport-settings.ts";

/** What the MCP invoker needs of the world. */
export type McpTools = {
  guard: NetworkGuard;
  env: BindingEnv;
  servers: InProcessServers;
  createContext: CreateBuiltinContext;
  /** False refuses services that start a process: whoever may import a service file could run commands on this machine. */
  allowStdio: boolean;
};

/** A connection to one MCP server. */
export type McpSession = {
  client: Client;
  secrets: ReadonlySet<string>;
  isClosed: () => boolean;
  /** The last lines that a child process wrote to stderr; for logs, never for clients. */
  lastWords: () => string;
  close(): Promise<void>;
};

/** How long a server may take to start and shake hands. */
const CONNECT_TIMEOUT_MS = 30_000;
/** How long a server may take to hear that its session is over. */
const FAREWELL_MS = 500;

/**
 * Connects to the server of an invocation's service. `onClosed` hears when the connection ends, however it ends;
 * aborting `stop` ends a connection that is still coming up.
 */
export async function openMcpSession(
  tools: McpTools,
  invocation: Invocation,
  onClosed: () => void,
  stop: AbortSignal,
): Promise<McpSession> {
  const secrets = new Set<string>();
  const target = mcpTargetOf(invocation.service, tools.env, secrets);
  const link = await openLink(tools, invocation, target, secrets);
  const client = new Client({ name: "orca", version: "1.0.0" });
  let isClosed = false;
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- a property of the SDK, not an event target
  client.onclose = () => {
    isClosed = true;
    onClosed();
  };
  let closing: Promise<void> | null = null;
  const close = () => (closing ??= client.close().catch(() => {}));
  const onStop = () => void close();
  stop.addEventListener("abort", onStop, { once: true });
  try {
    await client.connect(link.transport, { timeout: CONNECT_TIMEOUT_MS });
  } catch (error) {
    await close();
    throw error;
  } finally {
    stop.removeEventListener("abort", onStop);
  }
  return {
    client,
    secrets,
    isClosed: () => isClosed,
    lastWords: () => link.stderr?.toString() ?? "",
    async close() {
      await link.farewell?.();
      await close();
    },
  };
}

type Link = { transport: Transport; stderr?: TextTail; farewell?: () => Promise<void> };

async function openLink(
  tools: McpTools,
  invocation: Invocation,
  target: McpTarget,
  secrets: Set<string>,
): Promise<Link> {
  const { maxResponseBytes } = transportSettingsOf(invocation);
  switch (target.kind) {
    case "in_process":
      return { transport: await linkInProcess(tools, invocation, target.name) };
    case "stdio": {
      if (!tools.allowStdio) throw stdioRefused(invocation);
      const { command, args, env } = target;
      const transport = new StdioClientTransport({
        command,
        args,
        env,
        stderr: "pipe",
        maxBufferSize: maxResponseBytes,
      });
      const stderr = new TextTail();
      transport.stderr?.on("data", (chunk: Buffer) => stderr.append(chunk.toString()));
      return { transport, stderr };
    }
    case "http": {
      const { network } = invocation;
      const transport = new StreamableHTTPClientTransport(new URL(target.url), {
        fetch: createMcpFetch(tools.guard, {
          label: labelOf(invocation),
          network,
          maxResponseBytes,
        }),
        requestInit: { headers: configuredHeaders(invocation, tools.env, secrets) },
      });
      return { transport, farewell: () => sayGoodbye(transport) };
    }
  }
}

async function linkInProcess(
  tools: McpTools,
  { service }: Invocation,
  name: string,
): Promise<Transport> {
  const server = Object.hasOwn(tools.servers, name) ? tools.servers[name] : undefined;
  if (server === undefined) {
    throw new DomainError(
      "invalid_configuration",
      `Service ${service.id} names the in-process MCP server ${name}, which this server does not have.`,
      {
        hint: "Give server as a command list or {url: ...} for a server outside this process.",
        details: { service_id: service.id, server: name },
      },
    );
  }
  const [near, far] = InMemoryTransport.createLinkedPair();
  await createInProcessServer(name, server, tools.createContext).connect(far);
  return near;
}

async function sayGoodbye(transport: StreamableHTTPClientTransport): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, FAREWELL_MS);
  transport.terminateSession().then(resolve, () => resolve());
  await promise;
  clearTimeout(timer);
}

function stdioRefused({ service }: Invocation): DomainError {
  return new DomainError(
    "invalid_configuration",
    `Service ${service.id} starts a process, which this server does not allow.`,
    {
      hint: "Run the MCP server elsewhere and give its {url: ...}, or allow stdio servers in the server's configuration.",
      details: { service_id: service.id },
    },
  );
}
