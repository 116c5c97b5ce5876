import type { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";

/** What this product offers to decode. */
export const ACCEPTED_ENCODINGS = "gzip, br";

/** A body is longer than its reader allows, before or after decompression. */
export class BodyTooLargeError extends Error {
  override readonly name = "BodyTooLargeError";
}

/** A body is compressed in a way that was not offered. */
export class UnknownEncodingError extends Error {
  override readonly name = "UnknownEncodingError";
}

/** Reads and decompresses a body, and stops the moment either form exceeds `maxBytes`. The stream is destroyed in every case. */
export async function readHttpBody(
  body: Readable,
  encoding: string,
  maxBytes: number,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const collect = async (source: AsyncIterable<Buffer>) => {
    for await (const chunk of capBytes(source, maxBytes)) chunks.push(chunk);
  };
  const decoder = createDecoder(encoding);
  if (decoder === "unknown") {
    body.on("error", () => {}).destroy();
    throw new UnknownEncodingError(encoding);
  }
  if (decoder === null) await pipeline(body, collect);
  else
    await pipeline(
      body,
      (source: AsyncIterable<Buffer>) => capBytes(source, maxBytes),
      decoder,
      collect,
    );
  return Buffer.concat(chunks);
}

/** Passes chunks on until there are too many bytes. */
export async function* capBytes(
  source: AsyncIterable<Buffer>,
  maxBytes: number,
): AsyncGenerator<Buffer> {
  let total = 0;
  for await (const chunk of source) {
    total += chunk.length;
    if (total > maxBytes) throw new BodyTooLargeError(`more than ${maxBytes} bytes`);
    yield chunk;
  }
}

function createDecoder(encoding: string): Transform | "unknown" | null {
  switch (encoding.trim().toLowerCase()) {
    case "":
    case "identity":
      return null;
    case "gzip":
    case "x-gzip":
      return createGunzip();
    case "br":
      return createBrotliDecompress();
    case "deflate":
      return createInflate();
    default:
      return "unknown";
  }
}
