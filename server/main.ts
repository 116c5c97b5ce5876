import { join } from "node:path";
import { createRequestListener } from "./api/http/request-listener.ts";
import { provideSignIn } from "./auth/sign-in-port.ts";
import { createSignIn } from "./auth/sign-in.ts";
import type { Config } from "./config.ts";
import { type Container, createContainer } from "./container.ts";
import { importShippedRegistry } from "./import-shipped-registry.ts";
import { createReadiness } from "./readiness.ts";
import { DEFAULT_TENANT_ID } from "./seed.ts";
import { startHttpServer } from "./start-http-server.ts";
import { startPages } from "./start-pages.ts";
import { startSandboxService } from "./sandbox/start-sandbox-service.ts";
import { runProcess } from "./run-process.ts";
import { formatCredentials, formatFacts } from "./terminal.ts";
import { VERSION } from "./version.ts";

const say = (text: string) => void process.stdout.write(`${text}\n`);

/** Starts the whole product in this process and says where it is. Answers what stops it. */
async function startServer(config: Config, closers: AsyncDisposableStack): Promise<void> {
  const isDevelopment = process.env.NODE_ENV === "development";
  const http = await startHttpServer(config);
  closers.defer(() => http.stop());
  const stopping = new AbortController();
  const sandbox = await startSandboxService({
    // Anybody who reaches it may use it, so only this machine does.
    host: "127.0.0.1",
    ...config.sandbox,
    dataDir: join(config.dataDir, "sandbox"),
    now: () => new Date(),
  });
  closers.defer(() => sandbox.stop());
  const container = await createContainer(config, { env: process.env, announce: say, sandbox });
  closers.defer(() => container.stop());
  // Said before anything else can fail: they cannot be had again.
  if (container.seeded !== null) say(`\n${formatCredentials(container.seeded)}`);
  await importRegistry(container);
  provideSignInOf(container);
  const pages = await startPages(http.server, {
    isDevelopment,
    host: config.host,
    port: config.port,
  });
  closers.defer(() => pages.stop());
  http.serve(
    createRequestListener({
      api: container.api,
      authentication: container.authentication,
      pages: pages.listener,
      isDevelopment,
      areMetricsOpen: config.areMetricsOpen,
      version: VERSION,
      readiness: createReadiness(container, stopping.signal),
      stopping: stopping.signal,
    }),
  );
  // Deferred last, so that it is the first to stop.
  closers.defer(async () => {
    stopping.abort();
    await http.stop();
  });
  container.databaseLost.addEventListener("abort", () => {
    container.logger.fatal(
      { err: container.databaseLost.reason },
      "The database ended; the server cannot go on without it",
    );
    process.exit(1);
  });
  say(
    `Orca ${VERSION} is ready.\n\n${formatFacts([
      ["Pages", http.url],
      ["API", `${http.url}/api/v1/docs`],
      [
        "Sandbox",
        `${sandbox.baseUrl}  (catches the e-mails, tickets and payments of skills you try)`,
      ],
      ["Data", config.databaseUrl === null ? config.dataDir : "in the database of DATABASE_URL"],
    ])}\n\nCtrl-C stops everything.`,
  );
}

async function importRegistry(container: Container): Promise<void> {
  const { api, catalogs, logger } = container;
  const report = await importShippedRegistry({ ...api, catalogs }, DEFAULT_TENANT_ID);
  const errors = report?.diagnostics.filter(({ severity }) => severity === "error") ?? [];
  if (errors.length > 0)
    logger.warn(
      { errors: errors.slice(0, 5) },
      "The shipped registry was not imported; what is there stays",
    );
}

/** next-auth reads these two itself. */
function provideSignInOf(container: Container): void {
  const { config, api } = container;
  process.env.AUTH_TRUST_HOST = "true";
  if (config.publicUrl !== null) process.env.NEXTAUTH_URL = config.publicUrl;
  provideSignIn({ signIn: createSignIn(api), authSecret: config.authSecret, oidc: config.oidc });
}

await runProcess("Orca", startServer);
