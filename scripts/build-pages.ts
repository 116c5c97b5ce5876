import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { contentHash } from "./content-hash.ts";
import { PROJECT } from "./project.ts";
import { runTool } from "./run-tool.ts";

const STAMP = join(PROJECT, ".next", "source-hash");
const INPUTS = [
  "{app,components,core,server}/**/*.{ts,tsx,css,svg,png,ico}",
  "{next,postcss}.config.mjs",
  "package-lock.json",
];

/** Builds the pages unless the last build was of the same sources; throws when the build fails. */
export async function buildPages(): Promise<void> {
  const hash = contentHash(PROJECT, INPUTS);
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === hash) return;
  rmSync(STAMP, { force: true });
  console.log("Building the pages (once per version, under a minute) …");
  const code = await runTool("next", ["build"], { env: { NODE_ENV: "production" }, isQuiet: true });
  if (code !== 0) throw new Error("next build failed; its own message stands above.");
  writeFileSync(STAMP, hash);
}

if (import.meta.main) await buildPages();
