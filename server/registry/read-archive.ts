import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { unzipSync } from "fflate";
import { Parser } from "tar";
import { DomainError } from "../../core/errors.ts";
import { decodeDocument } from "./decode-document.ts";
import { createEntryMeter, tooLarge } from "./entry-meter.ts";
import type { SourceDocument } from "./read-document.ts";
import { REGISTRY_LIMITS } from "./registry-limits.ts";

/**
 * The YAML files of a zip, tar or tar.gz archive, in the order of their paths. Nothing is written to disk and links are
 * not followed. Throws `payload_too_large` past the limits, before unpacking more, and `invalid_request` for what is no
 * archive, is damaged, or names a path outside itself.
 */
export async function readArchive(archive: Uint8Array): Promise<SourceDocument[]> {
  const files = await unpack(archive);
  return files
    .map(({ path, bytes }) => ({ path, content: decodeDocument(bytes) }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

type ArchiveFile = { path: string; bytes: Uint8Array };

async function unpack(archive: Uint8Array): Promise<ArchiveFile[]> {
  try {
    if (startsWith(archive, [0x50, 0x4b])) return unpackZip(archive);
    if (startsWith(archive, [0x1f, 0x8b])) return await unpackTar(await unpackGzip(archive));
    if (Buffer.from(archive.subarray(257, 262)).toString() === "ustar")
      return await unpackTar(archive);
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw new DomainError("invalid_request", "The archive is damaged and cannot be unpacked.", {
      hint: "Make it again, as zip, tar or tar.gz.",
      cause: error,
    });
  }
  throw new DomainError("invalid_request", "The upload is not a zip, tar or tar.gz archive.", {
    hint: "Send such an archive, or the documents as JSON.",
  });
}

/** Files that the archive's own list says are not wanted are never unpacked, and no more than it says of the others. */
function unpackZip(archive: Uint8Array): ArchiveFile[] {
  const meter = createEntryMeter();
  const unpacked = unzipSync(archive, {
    filter({ name, originalSize }) {
      const path = checkPath(name);
      const isWanted = isYaml(path);
      meter.count(isWanted ? originalSize : 0);
      return isWanted;
    },
  });
  return Object.entries(unpacked).map(([name, bytes]) => ({ path: checkPath(name), bytes }));
}

/** Headers and padding of a tar of that many small files come on top of what is in them. */
const TAR_BYTES = REGISTRY_LIMITS.archiveBytes + REGISTRY_LIMITS.archiveFiles * 2_048;

async function unpackGzip(archive: Uint8Array): Promise<Uint8Array> {
  try {
    return await promisify(gunzip)(archive, { maxOutputLength: TAR_BYTES });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge("more than 64 MiB");
    throw error;
  }
}

async function unpackTar(archive: Uint8Array): Promise<ArchiveFile[]> {
  if (archive.byteLength > TAR_BYTES) throw tooLarge("more than 64 MiB");
  const meter = createEntryMeter();
  const files: ArchiveFile[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const parser = new Parser({
    strict: true,
    onReadEntry(entry) {
      try {
        const path = checkPath(entry.path);
        const isWanted = entry.type === "File" && isYaml(path);
        meter.count(isWanted ? entry.size : 0);
        if (!isWanted) {
          entry.resume();
          return;
        }
        const chunks: Buffer[] = [];
        entry.on("data", (chunk) => void chunks.push(chunk));
        entry.on("end", () => void files.push({ path, bytes: Buffer.concat(chunks) }));
      } catch (error) {
        reject(error);
        entry.resume();
      }
    },
  });
  parser.on("error", reject);
  parser.on("end", resolve);
  parser.end(Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength));
  await promise;
  return files;
}

/** The path with slashes, refused where it leads out of the archive. */
function checkPath(name: string): string {
  const path = name.replaceAll("\\", "/");
  if (!path.startsWith("/") && !/^[A-Za-z]:/.test(path) && !path.split("/").includes(".."))
    return path;
  throw new DomainError(
    "invalid_request",
    `The archive names a path outside itself: ${path.slice(0, 200)}.`,
    {
      hint: "Make the archive from inside the registry's directory.",
    },
  );
}

function isYaml(path: string): boolean {
  return (
    /\.ya?ml$/i.test(path) &&
    !path.split("/").some((segment) => segment.startsWith(".") && segment !== ".")
  );
}

function startsWith(bytes: Uint8Array, magic: number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte);
}
