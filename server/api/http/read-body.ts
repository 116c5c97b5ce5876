import type { IncomingMessage } from "node:http";
import { DomainError } from "../../../core/errors.ts";

/** No body of a request may be larger, unless its operation says otherwise. */
export const MAX_BODY_BYTES = 10 * 1024 * 1024;
/** Of a body that is too large, so many times the limit is thrown away before the answer: most clients get to read it. */
const DISCARDED_LIMITS = 4;

/** The whole body; `payload_too_large` past 10 MiB, or what an operation allows instead. */
export async function readBody(
  request: IncomingMessage,
  maxBytes = MAX_BODY_BYTES,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.byteLength;
    if (size > DISCARDED_LIMITS * maxBytes) break;
    if (size <= maxBytes) chunks.push(chunk);
    else chunks.length = 0;
  }
  if (size <= maxBytes) return Buffer.concat(chunks);
  throw new DomainError("payload_too_large", `The request body is larger than ${maxBytes} bytes.`, {
    hint: "Send less at once; large data belongs in a file or behind an address that a step reads.",
    details: { max_bytes: maxBytes },
  });
}
