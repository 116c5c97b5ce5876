import { chmodSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Where everything of an installation lives when ORCA_DATA_DIR does not say: `.orca` in the project's folder. */
export const DEFAULT_DATA_DIR = fileURLToPath(new URL("../.orca", import.meta.url));

/**
 * Makes the data folder where there is none. Others may pass through it but not list it, as the database below
 * it may run under a user of its own; what is secret in it is closed file by file.
 */
export function ensureDataDir(path: string): void {
  if (mkdirSync(path, { recursive: true }) !== undefined) chmodSync(path, 0o711);
}
