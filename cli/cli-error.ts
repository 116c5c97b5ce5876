import { DomainError } from "../core/errors.ts";
import type { JsonObject } from "../core/json.ts";
import { EXIT_CODE, type ExitCode } from "./exit-code.ts";

export type CliErrorOptions = {
  exitCode: ExitCode;
  hint?: string | undefined;
  details?: JsonObject | undefined;
  /** The server's trace of the call that failed. */
  traceId?: string | undefined;
  /** The place in the person's own text: lines to be shown as they are. */
  excerpt?: readonly string[] | undefined;
  cause?: unknown;
};

/** What ends a command early. `code` is the server's, also one that this program does not know, or `usage`. */
export class CliError extends Error {
  override readonly name = "CliError";
  readonly code: string;
  readonly exitCode: ExitCode;
  readonly hint: string | undefined;
  readonly details: JsonObject | undefined;
  readonly traceId: string | undefined;
  readonly excerpt: readonly string[];

  constructor(code: string, message: string, options: CliErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.exitCode = options.exitCode;
    this.hint = options.hint;
    this.details = options.details;
    this.traceId = options.traceId;
    this.excerpt = options.excerpt ?? [];
  }
}

/** A mistake on the command line, in a file that it names or in a setting. */
export function usageError(
  message: string,
  options: Omit<CliErrorOptions, "exitCode"> = {},
): CliError {
  return new CliError("usage", message, { exitCode: EXIT_CODE.usage, ...options });
}

/** Any thrown value as an error to show. What nobody expected keeps its stack, in the cause. */
export function toCliError(thrown: unknown): CliError {
  if (thrown instanceof CliError) return thrown;
  if (thrown instanceof DomainError) {
    const { code, message, hint, details } = thrown;
    const isMistake = code === "invalid_configuration" || code === "invalid_request";
    const exitCode = isMistake ? EXIT_CODE.usage : EXIT_CODE.unavailable;
    return new CliError(code, message, { exitCode, hint, details, cause: thrown });
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new CliError("internal_error", message, {
    exitCode: EXIT_CODE.unavailable,
    hint: "This is a mistake in the program. Set ORCA_DEBUG=1 to see where.",
    cause: thrown,
  });
}
