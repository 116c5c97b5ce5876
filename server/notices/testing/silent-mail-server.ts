import { createServer, type Socket } from "node:net";
import type { MailServer } from "../send-notice-mail.ts";

export type SilentMailServer = AsyncDisposable & {
  mail: MailServer;
  /** How many connections were greeted and then left without an answer. */
  greeted: () => number;
  /** How many connections are open. */
  open: () => number;
};

/** A mail server on loopback that greets and never answers; it says a meaningless word every so often where that is asked for. */
export async function startSilentMailServer({
  chatterMs,
}: { chatterMs?: number } = {}): Promise<SilentMailServer> {
  const sockets = new Set<Socket>();
  let greeted = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    const chatter =
      chatterMs === undefined
        ? undefined
        : setInterval(() => socket.write("250-wait\r\n"), chatterMs);
    socket.once("data", () => void (greeted += 1));
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      clearInterval(chatter);
      sockets.delete(socket);
    });
    socket.write("220 silent.example ESMTP\r\n");
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    mail: { url: `smtp://127.0.0.1:${port}`, from: "orca@example.com" },
    greeted: () => greeted,
    open: () => sockets.size,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
