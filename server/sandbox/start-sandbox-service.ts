import { createSandboxHttp } from "./sandbox-http.ts";
import { openSandboxStore } from "./sandbox-store.ts";
import { startSmtpCatcher } from "./smtp-catcher.ts";

/** Where the service listens and keeps its data. */
export type SandboxOptions = {
  host: string;
  /** 0 takes a free port. */
  httpPort: number;
  smtpPort: number;
  /** Where to keep what arrived; null keeps it in memory. */
  dataDir: string | null;
  now: () => Date;
};

/** A running service. */
export type SandboxService = { baseUrl: string; smtpPort: number; stop(): Promise<void> };

/**
 * Starts the local stand-in for mail, tickets and payments: SMTP, JSON over HTTP, and a page at `baseUrl` that shows what arrived. Everything is
 * idempotent by key and survives restarts with a `dataDir`. `stop` closes both ports and every connection.
 */
export async function startSandboxService(options: SandboxOptions): Promise<SandboxService> {
  const store = openSandboxStore(options.dataDir);
  const smtp = await startSmtpCatcher(store, {
    host: options.host,
    port: options.smtpPort,
    now: options.now,
  });
  const http = createSandboxHttp(store, { host: options.host, now: options.now });
  try {
    await new Promise<void>((resolve, reject) => {
      http.once("error", reject);
      http.listen(options.httpPort, options.host, resolve);
    });
  } catch (error) {
    await smtp.stop();
    throw error;
  }
  const address = http.address();
  const port = address === null || typeof address === "string" ? options.httpPort : address.port;
  return {
    baseUrl: `http://${options.host}:${port}`,
    smtpPort: smtp.port,
    async stop() {
      const closed = new Promise<void>((resolve) => http.close(() => resolve()));
      http.closeAllConnections();
      await Promise.all([closed, smtp.stop()]);
    },
  };
}
