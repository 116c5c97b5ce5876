import { randomBytes } from "node:crypto";
import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureDataDir } from "./data-dir.ts";

/**
 * The 32 random bytes, as 64 hex digits, that belong to `name` in the data folder; made at the first call. Of
 * several processes that ask at once all get the same. The file is readable by its owner only.
 */
export function readGeneratedSecret(dataDir: string, name: string): string {
  const path = join(dataDir, name);
  const found = readOrNull(path);
  if (found !== null) return found;
  ensureDataDir(dataDir);
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, randomBytes(32).toString("hex"), { mode: 0o600 });
  try {
    // A link appears whole and only if nobody was faster, which a plain write cannot promise.
    linkSync(draft, path);
  } catch (thrown) {
    if (readOrNull(path) === null) throw thrown;
  } finally {
    rmSync(draft);
  }
  return readFileSync(path, "utf8").trim();
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return null;
  }
}
