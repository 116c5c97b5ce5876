import { createHash } from "node:crypto";
import { appendFile, mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { DomainError } from "../../../../core/errors.ts";
import type { BuiltinContext } from "../builtin.ts";
import { resolveSandboxPath } from "../sandbox-path.ts";

/** The largest file that is read or written, in bytes. */
export const MAX_FILE_BYTES = 10 * 1024 * 1024;

/** The bytes of a file in the sandbox folder; `not_found` where there is none, `payload_too_large` above 10 MiB. */
export async function readSandboxFile(context: BuiltinContext, name: string): Promise<Buffer> {
  const file = await resolveSandboxPath(context.sandboxDir, name);
  const entry = await stat(file).catch(() => null);
  if (entry === null || !entry.isFile()) {
    throw new DomainError("not_found", `There is no file "${name}" in the sandbox folder.`, {
      hint: "List the folder with fs.file.list, or write the file first.",
      details: { path: name },
    });
  }
  if (entry.size > MAX_FILE_BYTES) throw tooLarge(name, entry.size);
  return readFile(file, { signal: context.signal });
}

/**
 * Writes a file of the sandbox folder, making its folders. `replace` is atomic (a new file takes the old one's place) and
 * leaves the same file when repeated; `append` adds; `create` refuses where the file exists.
 */
export async function writeSandboxFile(
  context: BuiltinContext,
  name: string,
  content: string,
  mode: "replace" | "append" | "create",
): Promise<number> {
  const size = Buffer.byteLength(content);
  if (size > MAX_FILE_BYTES) throw tooLarge(name, size);
  const file = await resolveSandboxPath(context.sandboxDir, name);
  await mkdir(path.dirname(file), { recursive: true });
  const entry = await stat(file).catch(() => null);
  if (entry?.isDirectory() === true)
    throw new DomainError("invalid_request", `"${name}" is a folder.`);
  if (mode === "create" && entry !== null)
    throw new DomainError("invalid_request", `The file "${name}" exists already.`, {
      hint: "Use mode write to replace it.",
    });
  if (mode === "append") {
    await appendFile(file, content);
    return size;
  }
  const fresh = `${file}.${createHash("sha256").update(context.randomId()).digest("hex").slice(0, 12)}.part`;
  await writeFile(fresh, content, { flag: "wx", signal: context.signal });
  await rename(fresh, file);
  return size;
}

function tooLarge(name: string, size: number): DomainError {
  return new DomainError(
    "payload_too_large",
    `"${name}" has ${size} bytes; at most ${MAX_FILE_BYTES} are handled.`,
    { details: { path: name } },
  );
}
