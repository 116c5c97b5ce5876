import type { ServerResponse } from "node:http";
import type { ErrorRecord } from "../../../core/errors.ts";
import { statusOf } from "../api-error.ts";

/** Answers with a JSON value. */
export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "content-length": body.byteLength,
    "cache-control": "no-store",
  });
  response.end(body);
}

/** Answers with a file to be saved under its name, which holds letters, digits, `_` and `.` only. */
export function sendFile(
  response: ServerResponse,
  type: string,
  { name, bytes }: { name: string; bytes: Uint8Array },
): void {
  response.writeHead(200, {
    "content-type": type,
    "content-length": bytes.byteLength,
    "content-disposition": `attachment; filename="${name}"`,
    "cache-control": "no-store",
  });
  response.end(bytes);
}

/** Answers with an error in the one shape that errors have. */
export function sendError(response: ServerResponse, record: ErrorRecord, traceId: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  sendJson(response, statusOf(record), { error: record, trace_id: traceId });
}
