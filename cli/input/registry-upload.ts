import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join, relative, sep } from "node:path";
import { zipSync } from "fflate";
import { usageError } from "../cli-error.ts";
import { reasonOf } from "./text-source.ts";

/** What is sent to be imported, and how the paths of its report become paths of this machine. */
export type RegistryUpload = {
  archive: Uint8Array<ArrayBuffer>;
  /** The path as one may open it here; a path inside an archive stays as it is. */
  toLocalPath: (path: string) => string;
};

/**
 * The registry documents below a directory (or one document) as an archive, or the archive that `path` is. Links are not
 * followed; hidden files and node_modules are passed over. Bytes go as they are, so that the server judges them.
 */
export async function readRegistryUpload(path: string): Promise<RegistryUpload> {
  const found = await stat(path).catch((cause: unknown) => {
    throw usageError(`${path} cannot be read: ${reasonOf(cause)}.`, { cause });
  });
  if (found.isDirectory()) {
    const files = await listDocuments(path);
    if (files.length === 0) {
      throw usageError(`There is no YAML file below ${path}.`, {
        hint: "Name the directory that holds capabilities/, skills/, bindings/ or services/.",
      });
    }
    return { archive: await pack(path, files), toLocalPath: (inside) => join(path, inside) };
  }
  if (isYaml(path)) {
    const archive = zipSync({ [basename(path)]: await readBytes(path) });
    return { archive, toLocalPath: () => path };
  }
  return { archive: await readBytes(path), toLocalPath: (inside) => inside };
}

async function listDocuments(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch((cause: unknown) => {
    throw usageError(`${directory} cannot be read: ${reasonOf(cause)}.`, { cause });
  });
  const lists = await Promise.all(
    entries.map(async (entry) => {
      const path = join(directory, entry.name);
      if (entry.name.startsWith(".") || entry.name === "node_modules") return [];
      if (entry.isDirectory()) return await listDocuments(path);
      return entry.isFile() && isYaml(path) ? [path] : [];
    }),
  );
  return lists.flat().sort();
}

async function pack(directory: string, files: string[]): Promise<Uint8Array<ArrayBuffer>> {
  const entries: [string, Uint8Array][] = [];
  for (const file of files)
    entries.push([relative(directory, file).split(sep).join("/"), await readBytes(file)]);
  return zipSync(Object.fromEntries(entries));
}

async function readBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (cause) {
    throw usageError(`${path} cannot be read: ${reasonOf(cause)}.`, { cause });
  }
}

function isYaml(path: string): boolean {
  return /\.ya?ml$/i.test(path);
}
