/** What a command's exit code tells a script (docs/cli.md). Ctrl-C is 130, as shells have it. */
export const EXIT_CODE = {
  ok: 0,
  /** The run failed or was canceled, the import has errors, a channel took no test: the command itself worked. */
  failed: 1,
  /** The command line, a file it names or a setting is wrong; nothing was asked of the server. */
  usage: 2,
  /** The server refused the call (4xx). */
  refused: 3,
  /** No server answers, or it failed itself (5xx). */
  unavailable: 4,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT_CODE)[keyof typeof EXIT_CODE];
