import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { DomainError } from "../../../../core/errors.ts";
import type { JsonObject } from "../../../../core/json.ts";
import type { Builtin } from "../builtin.ts";
import { InputReader } from "../input-reader.ts";
import { resolveSandboxPath, toSandboxRelative } from "../sandbox-path.ts";
import { asText } from "../as-text.ts";

const MAX_ENTRIES = 5_000;

/** Files and folders below `path` of the sandbox folder, sorted; `pattern` takes `*` and `?` on the name; links are left out. */
export const listFiles: Builtin = async (input, context) => {
  const given = new InputReader(input);
  const name = given.text("path");
  const folder = await resolveSandboxPath(context.sandboxDir, name);
  const root = await realpath(context.sandboxDir);
  const matches = nameMatcher(given.text("pattern", "*"));
  const found = await readdir(folder, {
    withFileTypes: true,
    recursive: given.flag("recursive", false),
  }).catch((error: unknown) => {
    throw new DomainError("not_found", `There is no folder "${name}" in the sandbox folder.`, {
      details: { path: name },
      cause: error,
    });
  });
  const wanted = found.filter((entry) => !entry.isSymbolicLink() && matches(entry.name));
  const entries: JsonObject[] = [];
  for (const entry of wanted.slice(0, MAX_ENTRIES)) {
    context.signal.throwIfAborted();
    entries.push(await describe(entry, root));
  }
  entries.sort((a, b) => (asText(a["path"]) < asText(b["path"]) ? -1 : 1));
  return {
    entries,
    total: wanted.length,
    status: wanted.length > MAX_ENTRIES ? "partial" : "ok",
    rationale: `Listed ${entries.length} of ${wanted.length} entries.`,
  };
};

async function describe(entry: Dirent, root: string): Promise<JsonObject> {
  const file = path.join(entry.parentPath, entry.name);
  const relative = toSandboxRelative(root, file);
  if (entry.isDirectory()) return { name: entry.name, path: relative, type: "directory" };
  return { name: entry.name, path: relative, type: "file", size: (await stat(file)).size };
}

/** A matcher for `*` and `?`, without backtracking: the classic two-pointer walk. */
export function nameMatcher(pattern: string): (name: string) => boolean {
  return (name) => {
    let [at, mark, star, resume] = [0, 0, -1, 0];
    while (at < name.length) {
      if (
        mark < pattern.length &&
        pattern[mark] !== "*" &&
        (pattern[mark] === "?" || pattern[mark] === name[at])
      ) {
        at += 1;
        mark += 1;
      } else if (pattern[mark] === "*") [star, resume, mark] = [mark, at, mark + 1];
      else if (star >= 0) [mark, resume, at] = [star + 1, resume + 1, resume + 1];
      else return false;
    }
    return pattern.slice(mark).replaceAll("*", "") === "";
  };
}
