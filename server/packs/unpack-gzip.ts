import { createGunzip } from "node:zlib";
import { DomainError } from "../../core/errors.ts";

/** What a damaged or endless archive gives up before it ends: `problem` says why it ended early. */
export type Unpacked = { content: Buffer; problem: string | null };

/** Small, so that little of what comes before damage is lost with it. */
const SALVAGE_CHUNK_BYTES = 256;

/** Decompresses up to `maxBytes`, and throws `payload_too_large` before holding more. What came before damage is kept. */
export async function unpackGzip(file: Buffer, maxBytes: number): Promise<Unpacked> {
  const unpacked = await unpack(file, maxBytes, undefined);
  return unpacked.problem === null ? unpacked : unpack(file, maxBytes, SALVAGE_CHUNK_BYTES);
}

async function unpack(
  file: Buffer,
  maxBytes: number,
  chunkSize: number | undefined,
): Promise<Unpacked> {
  const chunks: Buffer[] = [];
  let size = 0;
  const gunzip = createGunzip(chunkSize === undefined ? {} : { chunkSize });
  gunzip.end(file);
  try {
    for await (const chunk of gunzip) {
      if (!Buffer.isBuffer(chunk)) continue;
      size += chunk.length;
      if (size > maxBytes) throw tooLarge(maxBytes);
      chunks.push(chunk);
    }
    return { content: Buffer.concat(chunks), problem: null };
  } catch (error) {
    if (error instanceof DomainError) throw error;
    const problem = error instanceof Error ? error.message : "unknown reason";
    return { content: Buffer.concat(chunks), problem };
  }
}

function tooLarge(maxBytes: number): DomainError {
  return new DomainError(
    "payload_too_large",
    `The replay pack unpacks to more than ${maxBytes} bytes.`,
    {
      hint: "No Orca instance writes such packs: get the file again from where it came.",
      details: { max_bytes: maxBytes },
    },
  );
}
