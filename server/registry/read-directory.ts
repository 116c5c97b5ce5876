import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { DomainError } from "../../core/errors.ts";
import { decodeDocument } from "./decode-document.ts";
import { createEntryMeter } from "./entry-meter.ts";
import type { SourceDocument } from "./read-document.ts";

/**
 * The YAML files below a directory, in the order of their paths, which are relative and use slashes. Links are not
 * followed; hidden files and node_modules are passed over. Throws `not_found` and `payload_too_large`.
 */
export async function readDirectory(directory: string): Promise<SourceDocument[]> {
  const found = await stat(directory).catch(() => null);
  if (found?.isDirectory() !== true) {
    throw new DomainError("not_found", `There is no directory ${directory}.`, {
      hint: "Check the path.",
    });
  }
  const meter = createEntryMeter();
  const documents: SourceDocument[] = [];
  for (const path of (await listFiles(directory)).sort()) {
    meter.count((await stat(path)).size);
    documents.push({
      path: relative(directory, path).split(sep).join("/"),
      content: decodeDocument(await readFile(path)),
    });
  }
  return documents;
}

async function listFiles(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const lists = await Promise.all(
    entries.map(async (entry) => {
      const path = join(directory, entry.name);
      if (entry.name.startsWith(".") || entry.name === "node_modules") return [];
      if (entry.isDirectory()) return await listFiles(path);
      return entry.isFile() && /\.ya?ml$/i.test(entry.name) ? [path] : [];
    }),
  );
  return lists.flat();
}
