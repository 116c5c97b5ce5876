import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

export type StubServer = { url: string; [Symbol.asyncDispose]: () => Promise<void> };

/** A server on a free port of this machine that answers as the test says. */
export async function stubServer(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<StubServer> {
  const server = createServer(answer);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
