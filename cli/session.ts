import type { Command } from "commander";
import { createApiClient, type ApiClient } from "./api/api-client.ts";
import { readSettings } from "./settings.ts";
import type { Terminal } from "./terminal/terminal.ts";
import { printableJson } from "./terminal/printable-json.ts";

/** What a command works with: the server it asks, and how it answers. */
export type Session = {
  client: ApiClient;
  terminal: Terminal;
  /** Only what machines read goes to standard output. */
  isJson: boolean;
  /** Prints one document: --json's answer. Indented in a terminal, one line elsewhere. */
  printDocument: (document: unknown) => void;
  /** Prints lines of standard output. */
  printLines: (lines: readonly string[]) => void;
  /** The address of a run's page. */
  pageOf: (runId: string) => string;
};

export type GlobalOptions = { url?: string; apiKey?: string; json?: boolean };

/** Reads the options that every command has. Throws a usage error for settings that cannot be. */
export function openSession(command: Command, terminal: Terminal): Session {
  const { url, apiKey, json } = command.optsWithGlobals<GlobalOptions>();
  const settings = readSettings(
    { ...(url === undefined ? {} : { url }), ...(apiKey === undefined ? {} : { apiKey }) },
    terminal.env,
  );
  const { out } = terminal;
  return {
    client: createApiClient(settings),
    terminal,
    isJson: json === true,
    printDocument: (document) =>
      out.line(out.isTerminal ? printableJson(document) : JSON.stringify(document)),
    printLines: (lines) => {
      for (const line of lines) out.line(line);
    },
    pageOf: (runId) => `${settings.url}/runs/${encodeURIComponent(runId)}`,
  };
}
