import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { DomainError } from "../../core/errors.ts";
import { packHash, storedMember } from "./pack-envelope.ts";
import {
  MAX_CONTENT_BYTES,
  MAX_PACK_BYTES,
  PACK_FORMAT,
  PACK_PARTS,
  PACK_VERSION,
  type PackManifest,
  type PackPartName,
} from "./pack-format.ts";

/** The JSON texts of a pack's lines, by part. */
export type PackLines = Record<PackPartName, readonly string[]>;

/**
 * The file: a header line in a gzip member of its own, then manifest and parts, compressed. Throws `payload_too_large`
 * for what no instance would read back.
 */
export async function writePack(
  lines: PackLines,
  about: Omit<PackManifest, "parts">,
): Promise<Buffer> {
  const bodies = PACK_PARTS.map((name) => {
    const body = Buffer.from(lines[name].map((line) => `${line}\n`).join(""), "utf8");
    return { name, body, lines: lines[name].length };
  });
  const manifest: PackManifest = {
    ...about,
    parts: bodies.map(({ name, body, lines: count }) => ({
      name,
      lines: count,
      bytes: body.length,
      hash: packHash(body),
    })),
  };
  const content = Buffer.concat([
    Buffer.from(`${JSON.stringify(manifest)}\n`, "utf8"),
    ...bodies.map(({ body }) => body),
  ]);
  if (content.length > MAX_CONTENT_BYTES) throw tooLarge(content.length, MAX_CONTENT_BYTES);
  const compressed = await promisify(gzip)(content);
  const header = {
    format: PACK_FORMAT,
    version: PACK_VERSION,
    content_hash: packHash(content),
    body_hash: packHash(compressed),
  };
  const file = Buffer.concat([storedMember(`${JSON.stringify(header)}\n`), compressed]);
  if (file.length > MAX_PACK_BYTES) throw tooLarge(file.length, MAX_PACK_BYTES);
  return file;
}

function tooLarge(bytes: number, most: number): DomainError {
  return new DomainError(
    "payload_too_large",
    `The replay pack would have ${bytes} bytes; at most ${most} are allowed.`,
    {
      hint: "Read the run's events page by page with GET /runs/{run_id}/events.",
      details: { bytes, max_bytes: most },
    },
  );
}
