import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { createMcpTestServer } from "./mcp-test-server.ts";

// Run as a process of its own: `node mcp-stdio-server.ts`.
await createMcpTestServer().connect(new StdioServerTransport());
