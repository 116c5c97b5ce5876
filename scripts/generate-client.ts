import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { contentHash } from "./content-hash.ts";
import { PROJECT } from "./project.ts";
import { runTool } from "./run-tool.ts";

const STAMP = join(PROJECT, "server", "database", "generated", "schema-hash");
const INPUTS = ["prisma/*.prisma", "node_modules/prisma/package.json"];

/** Makes the Prisma client unless it belongs to the schema already; throws when Prisma refuses the schema. */
export async function generateClient(): Promise<void> {
  const hash = contentHash(PROJECT, INPUTS);
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === hash) return;
  // Prisma looks for its native schema engine, and would download it, though it does not use it to generate.
  const engine = process.env.PRISMA_SCHEMA_ENGINE_BINARY ?? process.execPath;
  const code = await runTool("prisma", ["generate", "--no-hints"], {
    env: { PRISMA_SCHEMA_ENGINE_BINARY: engine, CHECKPOINT_DISABLE: "1" },
    isQuiet: true,
  });
  if (code !== 0) throw new Error("prisma generate failed; its own message stands above.");
  writeFileSync(STAMP, hash);
}

if (import.meta.main) await generateClient();
