import { z } from "zod";
import { JsonObjectSchema } from "../../core/field.ts";
import type { Settings } from "../settings.ts";
import { CliError } from "../cli-error.ts";
import { EXIT_CODE } from "../exit-code.ts";
import { commandHint } from "./command-hint.ts";

const ProblemSchema = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    hint: z.string().optional(),
    details: JsonObjectSchema.optional(),
  }),
  trace_id: z.string().optional(),
});

/** What an answer that is no success says: the server's own words, or that whoever answered is not Orca. */
export function toApiProblem(
  settings: Settings,
  answer: { status: number; contentType: string | null; body: unknown },
): CliError {
  const exitCode = answer.status >= 500 ? EXIT_CODE.unavailable : EXIT_CODE.refused;
  const parsed = ProblemSchema.safeParse(answer.body);
  if (!parsed.success) return notOrca(settings, answer, exitCode);
  const { error, trace_id: traceId } = parsed.data;
  const hint = error.code === "unauthorized" ? hintForKey(settings) : commandHint(error.hint);
  return new CliError(error.code, error.message, {
    exitCode,
    hint,
    details: error.details,
    traceId,
  });
}

/** No connection, or one that broke before the answer was there. */
export function toConnectionProblem(settings: Settings, thrown: unknown): CliError {
  return new CliError(
    "unavailable",
    `No server answers at ${settings.url} (${reasonOf(thrown)}).`,
    {
      exitCode: EXIT_CODE.unavailable,
      hint: "Start one with `orca server`, or name yours with --url or ORCA_URL.",
      cause: thrown,
    },
  );
}

/** An answer that says it is a success, and is not what this program reads. */
export function unreadableAnswer(settings: Settings, path: string, reason: string): CliError {
  return new CliError("internal_error", `The answer to ${path} is not readable: ${reason}.`, {
    exitCode: EXIT_CODE.unavailable,
    hint: `Check that ${settings.url} is an Orca server of this version (orca --version).`,
  });
}

function notOrca(
  { url }: Settings,
  { status, contentType }: { status: number; contentType: string | null },
  exitCode: typeof EXIT_CODE.unavailable | typeof EXIT_CODE.refused,
): CliError {
  const type = contentType?.split(";")[0] ?? "no content";
  return new CliError(
    status >= 500 ? "unavailable" : "not_found",
    `${url} answered ${status} with ${type}, which is not how Orca answers.`,
    { exitCode, hint: "Another program or a proxy may answer there; check --url or ORCA_URL." },
  );
}

function hintForKey({ apiKey }: Settings): string {
  return apiKey === null
    ? "Set ORCA_API_KEY (or --api-key). The server's first start prints a key; Settings › API keys makes more."
    : "The key is unknown or was revoked. Check ORCA_API_KEY (or --api-key); Settings › API keys lists them.";
}

function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  if (thrown.name === "TimeoutError") return "no answer in time";
  const { cause } = thrown;
  // A name with several addresses fails with one error per address.
  const inner = cause instanceof AggregateError ? cause.errors[0] : cause;
  if (inner instanceof Error) {
    const code = "code" in inner && typeof inner.code === "string" ? inner.code : inner.message;
    return REASONS[code] ?? code;
  }
  return thrown.message;
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection reset",
  ENOTFOUND: "no such host",
  EAI_AGAIN: "the name cannot be looked up",
  ETIMEDOUT: "no answer in time",
  EHOSTUNREACH: "no way to the host",
  UND_ERR_SOCKET: "connection closed",
  UND_ERR_CONNECT_TIMEOUT: "no answer in time",
};
