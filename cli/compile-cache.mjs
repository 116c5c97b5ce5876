import module from "node:module";
import { fileURLToPath } from "node:url";

/**
 * Imported before anything large: what V8 made of the program is kept for the next start, which saves the command half
 * of its time and the server half a second. Older versions of Node do without; where the folder cannot be written, so
 * does this one.
 */
module.enableCompileCache?.(fileURLToPath(new URL("../.cache/compile", import.meta.url)));
