import { createHealthListener } from "./api/http/health-listener.ts";
import type { Config } from "./config.ts";
import { createContainer } from "./container.ts";
import { createReadiness } from "./readiness.ts";
import { startHttpServer } from "./start-http-server.ts";
import { runProcess } from "./run-process.ts";
import { VERSION } from "./version.ts";

const say = (text: string) => void process.stdout.write(`${text}\n`);

/** Executes runs beside a server, on the same database. Serves health only, where ORCA_HEALTH_PORT says. */
async function startWorker(config: Config, closers: AsyncDisposableStack): Promise<void> {
  const container = await createContainer(config, {
    env: process.env,
    announce: say,
    sandbox: sandboxOfServer(config),
  });
  closers.defer(() => container.stop());
  const stopping = new AbortController();
  const { healthPort } = config;
  if (healthPort !== null) {
    const http = await startHttpServer({ host: config.host, port: healthPort });
    closers.defer(() => http.stop());
    http.serve(
      createHealthListener({
        readiness: createReadiness(container, stopping.signal),
        registry: container.metrics.registry,
      }),
    );
    say(`Health is told at ${http.url}/readyz`);
  }
  closers.defer(() => stopping.abort());
  container.databaseLost.addEventListener("abort", () => process.exit(1));
  say(`Orca ${VERSION} worker ${container.api.runtime.workerId} is ready.`);
}

/** The sandbox service of the server on this machine, where its ports are settled. */
function sandboxOfServer({ sandbox: { httpPort, smtpPort } }: Config) {
  return httpPort === 0 || smtpPort === 0
    ? null
    : { baseUrl: `http://127.0.0.1:${httpPort}`, smtpPort };
}

await runProcess("The worker", startWorker);
