/** The examples under a command's help: what to type, and what it is for. */
export function examples(...lines: readonly [command: string, purpose: string][]): string {
  const width = Math.max(...lines.map(([command]) => command.length));
  const isNarrow = width > 44;
  return `\nExamples:\n${lines
    .map(([command, purpose]) =>
      isNarrow ? `  # ${purpose}\n  ${command}` : `  ${command.padEnd(width)}  ${purpose}`,
    )
    .join("\n")}\n`;
}

/** Under the program's own help: what its settings and exit codes are. */
export const SETTINGS_HELP = `Environment:
  ORCA_URL      the server (default http://127.0.0.1:3000)
  ORCA_API_KEY  your API key; the server's first start prints one
  NO_COLOR      no colours

Exit codes:
  0 ok   1 the run failed or was canceled, the import has errors   2 usage
  3 the server refused (4xx)   4 no server, or it failed (5xx)   130 Ctrl-C`;
