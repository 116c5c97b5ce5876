import { existsSync } from "node:fs";
import type { RequestListener, Server } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import next from "next";
import { DomainError } from "../core/errors.ts";

const PROJECT = fileURLToPath(new URL("..", import.meta.url));

export type Pages = { listener: RequestListener; stop(): Promise<void> };

/** Starts Next inside this process; `invalid_configuration` where the pages were not built. */
export async function startPages(
  server: Server,
  options: { isDevelopment: boolean; host: string; port: number },
): Promise<Pages> {
  const { isDevelopment, host, port } = options;
  if (!isDevelopment && !existsSync(join(PROJECT, ".next", "BUILD_ID"))) {
    throw new DomainError("invalid_configuration", "The pages have not been built.", {
      hint: "Run npm start, or npm run build before it.",
    });
  }
  const app = next({
    dev: isDevelopment,
    dir: PROJECT,
    quiet: true,
    hostname: host,
    port,
    httpServer: server,
  });
  await app.prepare();
  const handle = app.getRequestHandler();
  return {
    listener: (request, response) => void handle(request, response),
    stop: () => app.close(),
  };
}
