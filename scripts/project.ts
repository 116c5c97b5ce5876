import { join } from "node:path";

/** The project's folder. Scripts work on it wherever they are started from. */
export const PROJECT = join(import.meta.dirname, "..");
