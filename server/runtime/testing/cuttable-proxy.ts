import { connect, createServer, type Socket } from "node:net";

export type CuttableProxy = AsyncDisposable & {
  /** The address of the database, through the proxy. */
  connectionString: string;
  /** Breaks every connection and refuses new ones until `mend`. */
  cut: () => void;
  /** Keeps every connection open and passes nothing on, on new ones neither: half-open, as after a lost network. */
  freeze: () => void;
  /** Lets new connections through again; those that were frozen stay so. */
  mend: () => void;
};

/** A TCP proxy on loopback in front of PostgreSQL whose line can be cut or frozen. */
export async function startCuttableProxy(connectionString: string): Promise<CuttableProxy> {
  const target = new URL(connectionString);
  const sockets = new Set<Socket>();
  let isCut = false;
  let isFrozen = false;
  const server = createServer((client) => {
    if (isCut) {
      client.destroy();
      return;
    }
    if (isFrozen) {
      sockets.add(client);
      client.on("error", () => client.destroy());
      client.on("close", () => sockets.delete(client));
      return;
    }
    const upstream = connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on("error", () => to.destroy());
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  const url = new URL(connectionString);
  url.hostname = "127.0.0.1";
  url.port = String(typeof address === "object" && address !== null ? address.port : 0);
  const cut = () => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    connectionString: url.toString(),
    cut,
    freeze: () => {
      isFrozen = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
    mend: () => {
      isCut = false;
      isFrozen = false;
    },
    async [Symbol.asyncDispose]() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
