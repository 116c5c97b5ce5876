import type { ExitCode } from "./exit-code.ts";
import type { Terminal } from "./terminal/terminal.ts";

/** One call of the program: where it talks, and the exit code that its command leaves. */
export type Cli = { terminal: Terminal; exitCode: ExitCode };
