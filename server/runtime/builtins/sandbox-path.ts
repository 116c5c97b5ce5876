import { lstat, realpath } from "node:fs/promises";
import path from "node:path";
import { DomainError } from "../../../core/errors.ts";

/**
 * The absolute path of `requested` inside the sandbox folder. A leading `/` means the folder's own root.
 * Refuses (`safety_denied`) what leaves it, by `..` or through a symbolic link anywhere on the way.
 */
export async function resolveSandboxPath(sandboxDir: string, requested: string): Promise<string> {
  if (requested.includes("\0"))
    throw new DomainError("invalid_request", "A file path cannot hold a zero byte.");
  const root = await realpath(sandboxDir);
  const target = path.resolve(root, requested.replaceAll("\\", "/").replace(/^\/{1,64}/, ""));
  if (target !== root && !target.startsWith(root + path.sep)) throw escapes(requested);
  let current = root;
  for (const segment of path.relative(root, target).split(path.sep).filter(Boolean)) {
    current = path.join(current, segment);
    const entry = await lstat(current).catch(() => null);
    if (entry === null) break;
    if (entry.isSymbolicLink()) throw escapes(requested);
  }
  return target;
}

/** The path of a file as callers write it: relative to the sandbox folder, with `/`. */
export function toSandboxRelative(sandboxDir: string, absolute: string): string {
  return path.relative(sandboxDir, absolute).split(path.sep).join("/") || ".";
}

function escapes(requested: string): DomainError {
  return new DomainError("safety_denied", `The path "${requested}" leaves the sandbox folder.`, {
    hint: "Name a file below the sandbox folder, without .. and without symbolic links.",
    details: { path: requested },
  });
}
