import { z } from "zod";

/** An error as the pages show it. */
export type ErrorView = {
  code: string;
  message: string;
  hint: string | null;
  traceId: string | null;
  details: Record<string, unknown>;
};

const ErrorRecordSchema = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  details: z.record(z.string(), z.unknown()).optional(),
});
const TrpcErrorSchema = z.object({
  data: z.object({ error: ErrorRecordSchema, trace_id: z.string().nullish() }),
});
const RestErrorSchema = z.object({ error: ErrorRecordSchema, trace_id: z.string().nullish() });

/** What to show for anything that a call threw: the server's own error, or that the server was not reached. */
export function toErrorView(thrown: unknown): ErrorView {
  const trpc = TrpcErrorSchema.safeParse(thrown);
  if (trpc.success) return fromRecord(trpc.data.data.error, trpc.data.data.trace_id);
  if (thrown instanceof RestError) return thrown.view;
  return {
    code: "unavailable",
    message: "The server did not answer.",
    hint: "It may be restarting, or this device is offline. Nothing is lost: runs go on without this page.",
    traceId: null,
    details: {},
  };
}

/** A refusal that came over REST (uploads, downloads), carrying what the server said. */
export class RestError extends Error {
  override readonly name = "RestError";
  readonly view: ErrorView;

  constructor(status: number, body: unknown) {
    super(`The server answered ${status}.`);
    const parsed = RestErrorSchema.safeParse(body);
    this.view = parsed.success
      ? fromRecord(parsed.data.error, parsed.data.trace_id)
      : { code: `http_${status}`, message: this.message, hint: null, traceId: null, details: {} };
  }
}

function fromRecord(
  record: z.infer<typeof ErrorRecordSchema>,
  traceId: string | null | undefined,
): ErrorView {
  return {
    code: record.code,
    message: record.message,
    hint: record.hint ?? null,
    traceId: traceId ?? null,
    details: record.details ?? {},
  };
}
