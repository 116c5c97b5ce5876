import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import {
  CallToolRequestSchema,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
} from "@modelcontextprotocol/sdk/types.js";
import { JsonObjectSchema } from "../../../core/field.ts";
import type { Builtin } from "../builtins/builtin.ts";
import type { CreateBuiltinContext } from "./builtin.ts";
import { currentMcpCall } from "./mcp-current-call.ts";

export type InProcessTool = { description: string; call: Builtin };

/** MCP servers that live in this process: tools by name, by server name. */
export type InProcessServers = Readonly<Record<string, Readonly<Record<string, InProcessTool>>>>;

/** A real MCP server over native functions. Each call runs with the context of the invocation that made it. */
export function createInProcessServer(
  name: string,
  tools: Readonly<Record<string, InProcessTool>>,
  createContext: CreateBuiltinContext,
): Server {
  const server = new Server({ name, version: "1.0.0" }, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: Object.entries(tools).map(([tool, { description }]) => ({
      name: tool,
      description,
      inputSchema: { type: "object" as const },
    })),
  }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }) => {
    const tool = Object.hasOwn(tools, params.name) ? tools[params.name] : undefined;
    const call = currentMcpCall.getStore();
    if (tool === undefined || call === undefined) {
      throw new McpError(ErrorCode.InvalidParams, `Tool ${params.name} not found`);
    }
    try {
      const input = JsonObjectSchema.parse(params.arguments ?? {});
      const output = await tool.call(
        input,
        createContext(call.invocation, () => call.signal),
      );
      return { content: [], structuredContent: output };
    } catch (error) {
      call.thrown = error;
      return { content: [], isError: true };
    }
  });
  return server;
}
