import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { z } from "zod";

/** A real MCP server with one tool per behaviour that the invoker has to cope with. */
export function createMcpTestServer(): McpServer {
  const server = new McpServer({ name: "test", version: "1.0.0" });
  const text = (value: string) => ({ content: [{ type: "text" as const, text: value }] });
  const input = { inputSchema: { text: z.string().optional() } };
  server.registerTool("echo", input, ({ text: value }) => ({
    ...text("ignored"),
    structuredContent: { echoed: value },
  }));
  server.registerTool("json", input, () => text('{"parsed": true}'));
  server.registerTool("plain", input, () => text("just words"));
  server.registerTool("fail", input, () => ({ ...text("no such account"), isError: true }));
  server.registerTool("hang", input, () => new Promise<never>(() => {}));
  server.registerTool("pid", input, () => text(JSON.stringify({ pid: process.pid })));
  server.registerTool("die", input, () => process.exit(1));
  let calls = 0;
  server.registerTool("count", input, () => text(JSON.stringify({ calls: (calls += 1) })));
  server.registerTool("noise", input, () => {
    process.stderr.write("noise ".repeat(100_000));
    return text("{}");
  });
  server.registerTool("flood", input, () => text("x".repeat(200_000)));
  server.registerTool("meta", input, (_, extra) =>
    text(JSON.stringify({ meta: extra._meta ?? null })),
  );
  return server;
}
