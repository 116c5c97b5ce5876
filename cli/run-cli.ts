import { CommanderError } from "commander";
import type { Cli } from "./cli.ts";
import { CliError, toCliError, usageError } from "./cli-error.ts";
import { createProgram } from "./create-program.ts";
import { EXIT_CODE, type ExitCode } from "./exit-code.ts";
import { errorDocument, formatError } from "./format-error.ts";
import type { Terminal } from "./terminal/terminal.ts";

/** Runs the command that the arguments name and answers its exit code. Never throws: what went wrong is said. */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const cli: Cli = { terminal, exitCode: EXIT_CODE.ok };
  try {
    await createProgram(cli).parseAsync(args, { from: "user" });
    return cli.exitCode;
  } catch (thrown) {
    const error = thrown instanceof CommanderError ? fromCommander(thrown) : toCliError(thrown);
    if (error === null) return EXIT_CODE.ok;
    if (error.message !== "") say(error, args.includes("--json"), terminal);
    return error.exitCode;
  }
}

function say(error: CliError, isJson: boolean, { err, env }: Terminal): void {
  err.line(
    isJson
      ? JSON.stringify(errorDocument(error))
      : formatError(error, { width: err.width(), paint: err.paint }),
  );
  if (env.ORCA_DEBUG === "1" && error.cause instanceof Error) err.line(error.cause.stack ?? "");
}

/** Help and version are no errors (null); help for a command that was left out has been shown already. */
function fromCommander({ code, exitCode, message }: CommanderError): CliError | null {
  if (exitCode === 0) return null;
  if (code === "commander.help") return usageError("");
  const [first = "", ...suggestion] = message.replace(/^error: /, "").split("\n");
  return usageError(`${first}.`, {
    hint: suggestion.length > 0 ? suggestion.join(" ").replace(/^\(|\)$/g, "") : "See --help.",
  });
}
