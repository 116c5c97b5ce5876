import type { BuiltinContext } from "../builtin.ts";
import { readSandboxFile } from "../fs/sandbox-files.ts";

/** What was given: bytes (from base64, a data URL or a sandbox file), or plain text that describes the medium. */
export type Media =
  { kind: "bytes"; bytes: Buffer; path: string | null } | { kind: "text"; text: string };

/** Reads a media input. A short text that ends like a media file is a path; base64 of a known signature is bytes; all else is text. */
export async function readMedia(given: string, context: BuiltinContext): Promise<Media> {
  const data = /^data:[\w/+.-]{1,100}(?:;[\w=-]{1,60}){0,4};base64,/.exec(given.slice(0, 400))?.[0];
  if (data !== undefined)
    return { kind: "bytes", bytes: Buffer.from(given.slice(data.length), "base64"), path: null };
  if (
    given.length < 500 &&
    /^[^\n<>]{1,480}\.(?:png|jpe?g|gif|webp|bmp|wav|mp3|ogg|flac|m4a|mp4|webm|mov|mkv)$/i.test(
      given,
    )
  ) {
    return { kind: "bytes", bytes: await readSandboxFile(context, given), path: given };
  }
  if (
    given.length >= 32 &&
    /^[A-Za-z0-9+/]{16,64}/.test(given.slice(0, 64)) &&
    !given.slice(0, 200).includes(" ")
  ) {
    const bytes = Buffer.from(given, "base64");
    if (readHeader(bytes) !== null) return { kind: "bytes", bytes, path: null };
  }
  return { kind: "text", text: given };
}

/** What a file header says. */
export type Header = {
  format: string;
  media: "image" | "audio" | "video";
  width?: number;
  height?: number;
  seconds?: number;
  channels?: number;
  sampleRate?: number;
};

/** What the first bytes of a file say: format, and size or duration where the header holds them; null for an unknown signature. */
export function readHeader(bytes: Buffer): Header | null {
  const ascii = (from: number, to: number) => bytes.toString("latin1", from, to);
  if (bytes.length >= 24 && ascii(1, 4) === "PNG")
    return {
      format: "png",
      media: "image",
      width: bytes.readUInt32BE(16),
      height: bytes.readUInt32BE(20),
    };
  if (bytes.length >= 10 && ascii(0, 4) === "GIF8")
    return {
      format: "gif",
      media: "image",
      width: bytes.readUInt16LE(6),
      height: bytes.readUInt16LE(8),
    };
  if (bytes.length >= 26 && ascii(0, 2) === "BM")
    return {
      format: "bmp",
      media: "image",
      width: bytes.readInt32LE(18),
      height: Math.abs(bytes.readInt32LE(22)),
    };
  if (bytes.length >= 4 && bytes[0] === 0xff && bytes[1] === 0xd8)
    return { format: "jpeg", media: "image", ...jpegSize(bytes) };
  if (bytes.length >= 16 && ascii(0, 4) === "RIFF" && ascii(8, 12) === "WEBP")
    return { format: "webp", media: "image" };
  if (bytes.length >= 44 && ascii(0, 4) === "RIFF" && ascii(8, 12) === "WAVE")
    return wavHeader(bytes);
  if (ascii(0, 3) === "ID3" || (bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe0) === 0xe0))
    return { format: "mp3", media: "audio" };
  if (ascii(0, 4) === "OggS") return { format: "ogg", media: "audio" };
  if (ascii(0, 4) === "fLaC") return { format: "flac", media: "audio" };
  if (bytes.length >= 12 && ascii(4, 8) === "ftyp") return { format: "mp4", media: "video" };
  return bytes.length >= 4 && bytes.readUInt32BE(0) === 0x1a45dfa3
    ? { format: "webm", media: "video" }
    : null;
}

/** A header in words: "PNG image, 2 × 3 pixels". */
export function sayHeader(header: Header): string {
  const size =
    header.width === undefined || header.height === undefined
      ? ""
      : `, ${header.width} × ${header.height} pixels`;
  const length =
    header.seconds === undefined
      ? ""
      : `, ${Math.round(header.seconds * 10) / 10} s, ${header.channels ?? 1} channel(s), ${header.sampleRate ?? 0} Hz`;
  return `${header.format.toUpperCase()} ${header.media}${size}${length}`;
}

function jpegSize(bytes: Buffer): { width?: number; height?: number } {
  let at = 2;
  while (at + 9 < bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0;
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))
      return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    at += 2 + Math.max(2, bytes.readUInt16BE(at + 2));
  }
  return {};
}

function wavHeader(bytes: Buffer): Header {
  const [channels, sampleRate, byteRate] = [
    bytes.readUInt16LE(22),
    bytes.readUInt32LE(24),
    bytes.readUInt32LE(28),
  ];
  const at = bytes.indexOf("data", 36, "latin1");
  const size = at > 0 && at + 8 <= bytes.length ? bytes.readUInt32LE(at + 4) : 0;
  return {
    format: "wav",
    media: "audio",
    channels,
    sampleRate,
    seconds: byteRate === 0 ? 0 : size / byteRate,
  };
}
