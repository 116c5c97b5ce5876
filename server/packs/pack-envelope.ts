import { hash } from "node:crypto";
import { crc32 } from "node:zlib";

/** Magic, deflate, no flags, no time, no level, system unknown. */
const GZIP_HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
const STORED_BLOCK = 1;
const TEXT_OFFSET = GZIP_HEADER.length + 5;

/**
 * A gzip member (RFC 1952) that holds a text uncompressed in one stored block (RFC 1951): the same bytes for the same
 * text always, so that no byte of it can be changed unnoticed. At most 65,535 bytes.
 */
export function storedMember(text: string): Buffer {
  const data = Buffer.from(text, "utf8");
  const block = Buffer.alloc(5);
  block.writeUInt8(STORED_BLOCK, 0);
  block.writeUInt16LE(data.length, 1);
  block.writeUInt16LE(~data.length & 0xffff, 3);
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(data), 0);
  trailer.writeUInt32LE(data.length, 4);
  return Buffer.concat([GZIP_HEADER, block, data, trailer]);
}

/** The text of the stored member that the bytes begin with and what follows it; null where they do not begin so. */
export function readStoredMember(bytes: Buffer): { text: string; rest: Buffer } | null {
  if (bytes.length < TEXT_OFFSET || bytes[GZIP_HEADER.length] !== STORED_BLOCK) return null;
  const length = bytes.readUInt16LE(GZIP_HEADER.length + 1);
  const text = bytes.subarray(TEXT_OFFSET, TEXT_OFFSET + length).toString("utf8");
  const member = storedMember(text);
  if (!bytes.subarray(0, member.length).equals(member)) return null;
  return { text, rest: bytes.subarray(member.length) };
}

/** sha256 as packs write it. */
export function packHash(data: string | Uint8Array): string {
  return `sha256:${hash("sha256", data)}`;
}
