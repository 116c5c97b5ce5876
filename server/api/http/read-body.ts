import type { IncomingMessage } from "node:http";
import { DomainError } from "../../../core/errors.ts";

/** No body of a request may be larger. */
export const MAX_BODY_BYTES = 10 * 1024 * 1024;
/** Of a body that is too large, so much is thrown away before the answer, so that most clients get to read it. */
const MAX_DISCARDED_BYTES = 4 * MAX_BODY_BYTES;

/** The whole body; `payload_too_large` past 10 MiB. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.byteLength;
    if (size > MAX_DISCARDED_BYTES) break;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
    else chunks.length = 0;
  }
  if (size <= MAX_BODY_BYTES) return Buffer.concat(chunks);
  throw new DomainError(
    "payload_too_large",
    `The request body is larger than ${MAX_BODY_BYTES} bytes.`,
    {
      hint: "Send less at once; large data belongs in a file or behind an address that a step reads.",
      details: { max_bytes: MAX_BODY_BYTES },
    },
  );
}
