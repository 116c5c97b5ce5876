import type { z } from "zod";
import { DomainError } from "../../core/errors.ts";
import { damagedPack, notAPack } from "./pack-errors.ts";
import { packHash, readStoredMember } from "./pack-envelope.ts";
import {
  MAX_CONTENT_BYTES,
  MAX_PACK_BYTES,
  PACK_FORMAT,
  PACK_PARTS,
  PACK_SCHEMAS,
  PACK_VERSION,
  PackHeaderSchema,
  PackManifestSchema,
  type PackManifest,
  type PackPartName,
} from "./pack-format.ts";
import { unpackGzip } from "./unpack-gzip.ts";

/** A pack whose every byte is the exported one. `texts` are the lines of its events. */
export type Pack = { hash: string; manifest: PackManifest } & ReturnType<typeof parseParts>;

/**
 * Reads a pack and checks every byte of it against its hashes. Throws `payload_too_large` for what is larger than any
 * pack, also only once unpacked, and `invalid_request` for what is no pack, of another version, or changed: then the
 * message and `details.part` name the first part that is not the exported one.
 */
export async function readPack(file: Buffer): Promise<Pack> {
  if (file.length > MAX_PACK_BYTES) {
    throw new DomainError(
      "payload_too_large",
      `The file has ${file.length} bytes; a replay pack has at most ${MAX_PACK_BYTES}.`,
      { details: { max_bytes: MAX_PACK_BYTES } },
    );
  }
  if (file[0] !== 0x1f || file[1] !== 0x8b) throw notAPack("it is not compressed with gzip");
  const { content, problem } = await unpackGzip(file, MAX_CONTENT_BYTES);
  const stored = readStoredMember(file);
  if (stored === null && problem !== null && startsLikeHeader(file)) {
    throw damagedPack("header", problem);
  }
  const [line, headerEnd] = splitLine(content);
  const header = parseHeader(line, problem);
  const body = content.subarray(headerEnd);
  const [manifestLine, offset] = splitLine(body);
  const manifest = parseManifest(manifestLine);
  const slices = sliceParts(manifest, body.subarray(offset), problem);
  if (packHash(body) !== header.content_hash)
    throw damagedPack("manifest", "its hash does not fit");
  if (stored === null || packHash(stored.rest) !== header.body_hash) {
    throw damagedPack("envelope", "its content is the exported one and its compression is not");
  }
  return { hash: packHash(file), manifest, ...parseParts(slices) };
}

function parseHeader(line: string, problem: string | null) {
  const value = parseJson(line);
  const isOurs = typeof value === "object" && value !== null && "format" in value;
  if (!isOurs || value.format !== PACK_FORMAT) {
    throw notAPack(problem ?? "its first line does not say so");
  }
  const version = "version" in value ? String(value.version) : "none";
  if (majorOf(version) !== majorOf(PACK_VERSION)) {
    throw new DomainError(
      "invalid_request",
      `The replay pack has format version ${version.slice(0, 40)}; this program reads ${PACK_VERSION}.`,
      {
        hint: "Use the program version that exported it, or export the run again.",
        details: { version: version.slice(0, 40), readable: PACK_VERSION },
      },
    );
  }
  const parsed = PackHeaderSchema.safeParse(value);
  if (!parsed.success) throw damagedPack("header", "it is not a header");
  return parsed.data;
}

function majorOf(version: string): string {
  return version.split(".")[0] ?? "";
}

function parseManifest(line: string): PackManifest {
  const parsed = PackManifestSchema.safeParse(parseJson(line));
  if (!parsed.success) throw damagedPack("manifest", "it cannot be read");
  const names = parsed.data.parts.map(({ name }) => name);
  if (names.join() !== PACK_PARTS.join()) throw damagedPack("manifest", "it lists other parts");
  return parsed.data;
}

/** Cuts the parts out by the manifest's sizes and checks each, so that the first changed one is named. */
function sliceParts(manifest: PackManifest, content: Buffer, problem: string | null) {
  let offset = 0;
  const slices = manifest.parts.map(({ name, bytes, hash, lines }) => {
    const slice = content.subarray(offset, offset + bytes);
    offset += bytes;
    if (slice.length < bytes) throw damagedPack(name, problem ?? "the file ends in it");
    if (packHash(slice) !== hash) throw damagedPack(name, "its hash does not fit");
    return { name, lines, text: slice.toString("utf8") };
  });
  if (content.length > offset) throw damagedPack("envelope", "something follows the last part");
  if (problem !== null) throw damagedPack("envelope", problem);
  return slices;
}

function parseParts(slices: { name: PackPartName; lines: number; text: string }[]) {
  const linesOf = (name: PackPartName): string[] => {
    const slice = slices.find((each) => each.name === name);
    const lines = slice?.text.split("\n").slice(0, -1) ?? [];
    if (lines.length !== slice?.lines) throw damagedPack(name, "it has another number of lines");
    return lines;
  };
  const read = <T>(name: PackPartName, schema: z.ZodType<T>): T[] =>
    linesOf(name).map((line, index) => {
      const parsed = schema.safeParse(parseJson(line));
      if (parsed.success) return parsed.data;
      throw damagedPack(name, `line ${index + 1} is not what belongs there`);
    });
  const one = <T>(name: PackPartName, schema: z.ZodType<T>): T => {
    const [record, ...others] = read(name, schema);
    if (record === undefined || others.length > 0) throw damagedPack(name, "it is not one line");
    return record;
  };
  return {
    texts: linesOf("events"),
    run: one("run", PACK_SCHEMAS.run),
    skill: one("skill", PACK_SCHEMAS.skill),
    capabilities: read("capabilities", PACK_SCHEMAS.capabilities),
    bindings: read("bindings", PACK_SCHEMAS.bindings),
    services: read("services", PACK_SCHEMAS.services),
    effects: read("effects", PACK_SCHEMAS.effects),
    events: read("events", PACK_SCHEMAS.events),
    chain: one("chain", PACK_SCHEMAS.chain),
    redactions: read("redactions", PACK_SCHEMAS.redactions),
  };
}

/** True where the bytes begin as a header's member does, whole or not. */
function startsLikeHeader(file: Buffer): boolean {
  return file.subarray(0, 64).includes('{"format"');
}

/** The first line, and where the next one begins. */
function splitLine(bytes: Buffer): [line: string, next: number] {
  const end = bytes.indexOf(0x0a);
  const stop = end === -1 ? bytes.length : end;
  return [bytes.toString("utf8", 0, stop), stop + 1];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
