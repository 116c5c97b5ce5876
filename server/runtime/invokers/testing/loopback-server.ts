import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";

export type SeenRequest = {
  method: string;
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: string;
};

export type LoopbackServer = AsyncDisposable & {
  url: string;
  port: number;
  /** Every request that arrived, in order, with its whole body. */
  seen: SeenRequest[];
};

/** A real HTTP server on an ephemeral loopback port that shows what it was asked. Dispose it. */
export async function startLoopbackServer(
  answer: (request: SeenRequest, response: ServerResponse, raw: IncomingMessage) => void,
  host = "127.0.0.1",
): Promise<LoopbackServer> {
  const seen: SeenRequest[] = [];
  const server = createServer((raw, response) => {
    void text(raw).then(
      (body) => {
        const request = {
          method: raw.method ?? "",
          path: raw.url ?? "",
          headers: raw.headers,
          body,
        };
        seen.push(request);
        answer(request, response, raw);
      },
      () => {},
    );
  });
  const port = await listen(server, host);
  return {
    url: `http://${host}:${port}`,
    port,
    seen,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Answers with a JSON body. */
export function answerJson(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}

function listen(server: Server, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(0, host, () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
}
