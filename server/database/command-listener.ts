import { Socket } from "node:net";
import { Client } from "pg";
import { COMMAND_CHANNEL } from "./command-repository.ts";
import { CONNECT_TIMEOUT_MS, KEEP_ALIVE_DELAY_MS } from "./connection-timeouts.ts";

/** Until the connection is back, commands are found by polling. */
const RECONNECT_MS = 1_000;

/** Listens for announced commands on a connection of its own, and connects again when it is lost. Answers the close. */
export async function listenForCommands(
  connectionString: string,
  onCommand: (tenantId: string, runId: string) => void,
): Promise<() => Promise<void>> {
  let socket: Socket | null = null;
  let timer: NodeJS.Timeout | null = null;
  let isClosed = false;

  async function connect(): Promise<void> {
    const own = new Socket();
    socket = own;
    const next = new Client({
      connectionString,
      stream: () => own,
      application_name: "orca-listener",
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: CONNECT_TIMEOUT_MS,
      keepAlive: true,
      // Nothing is sent over it for hours: only the system's own questions tell that the other side is gone.
      keepAliveInitialDelayMillis: KEEP_ALIVE_DELAY_MS,
    });
    next.on("notification", ({ payload }) => {
      const [tenantId, runId] = (payload ?? "").split(" ");
      if (tenantId !== undefined && runId !== undefined) onCommand(tenantId, runId);
    });
    next.on("error", () => undefined);
    next.on("end", () => {
      if (!isClosed) timer = setTimeout(() => void connect(), RECONNECT_MS);
    });
    try {
      await next.connect();
      await next.query(`LISTEN ${COMMAND_CHANNEL}`);
    } catch {
      // "end" follows and connects again.
      await next.end().catch(() => undefined);
    }
  }

  await connect();
  return async () => {
    isClosed = true;
    if (timer !== null) clearTimeout(timer);
    // Without a goodbye: over a half-open connection it would never be answered.
    socket?.destroy();
  };
}
