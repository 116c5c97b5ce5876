import type { Builtin } from "./builtin.ts";
import { validateSchema } from "./data/validate-schema.ts";
import { fetchWebpage } from "./orca/document-baselines.ts";
import { summarizeText } from "./text/summarize-text.ts";

/** A tool of an in-process MCP server. */
export type InProcessTool = { description: string; call: Builtin };

/** MCP servers that live in this process, by the name that a service file's `server` gives; tools are named by capability id. */
export const IN_PROCESS_MCP_SERVERS: Readonly<
  Record<string, Readonly<Record<string, InProcessTool>>>
> = {
  official_text_tools: {
    "text.content.summarize": {
      description: "Shortens a text to its own most telling sentences.",
      call: summarizeText,
    },
  },
  official_data_tools: {
    "data.schema.validate": {
      description: "Checks data against a JSON Schema (2020-12).",
      call: validateSchema,
    },
  },
  official_web_tools: {
    "web.page.fetch": { description: "Fetches a web page with GET.", call: fetchWebpage },
  },
};
