import { join } from "node:path";
import { buildPages } from "./build-pages.ts";
import { generateClient } from "./generate-client.ts";
import { PROJECT } from "./project.ts";

/**
 * npm start: makes what is missing or outdated (the Prisma client, the built pages), then becomes the server.
 * The server replaces this process instead of being its child, so that Ctrl-C, SIGTERM and kill -9 reach it and
 * its exit code is ours.
 */
await generateClient();
await buildPages();
process.chdir(PROJECT);
const server = join(PROJECT, "server", "main.ts");
const compileCache = join(PROJECT, "cli", "compile-cache.mjs");
process.execve?.(
  process.execPath,
  [process.execPath, "--import", compileCache, server, ...process.argv.slice(2)],
  { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
);
