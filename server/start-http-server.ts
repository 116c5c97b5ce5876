import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import { DomainError } from "../core/errors.ts";
import { sendError } from "./api/http/send.ts";
import { readTraceContext } from "./api/http/trace-context.ts";

export type HttpServer = {
  /** With the port that was taken, also where any free one was asked for. */
  url: string;
  server: Server;
  /** Answers requests with `listener` from now on; until then they get a 503 that says why. */
  serve(listener: RequestListener): void;
  /** Takes no new connections, lets answers finish for a moment, then cuts what is left. May be called twice. */
  stop(): Promise<void>;
};

const FINISH_WITHIN_MS = 1_500;
/** Longer than the usual idle time of load balancers, so that it is they who close. */
const KEEP_ALIVE_MS = 65_000;

/** Takes the address, before anything slow is begun; `invalid_configuration` where it cannot be had. */
export async function startHttpServer(address: {
  host: string;
  port: number;
}): Promise<HttpServer> {
  let listener: RequestListener = answerStarting;
  const server = createServer((request, response) => listener(request, response));
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await listen(server, address);
  return {
    url: urlOf(server, address),
    server,
    serve: (ready) => {
      listener = ready;
    },
    stop: () => stop(server),
  };
}

const answerStarting: RequestListener = (request, response) => {
  const { traceId } = readTraceContext(request.headers.traceparent);
  response.setHeader("retry-after", "1");
  sendError(
    response,
    { code: "unavailable", message: "Orca is starting.", hint: "Try again in a moment." },
    traceId,
  );
};

async function listen(
  server: Server,
  { host, port }: { host: string; port: number },
): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : "";
    throw new DomainError(
      "invalid_configuration",
      LISTEN_ERRORS(host, port)[String(code)] ?? `Cannot listen on ${host}:${port}.`,
      {
        hint: "Set PORT (and HOST) to an address that is free on this machine.",
        cause,
      },
    );
  }
}

const LISTEN_ERRORS = (host: string, port: number): Record<string, string> => ({
  EADDRINUSE: `Port ${port} on ${host} is in use by another program.`,
  EACCES: `Port ${port} on ${host} may only be used by an administrator.`,
  EADDRNOTAVAIL: `This machine does not have the address ${host}.`,
  ENOTFOUND: `The host name ${host} has no address.`,
});

function urlOf(server: Server, { host, port }: { host: string; port: number }): string {
  const taken = server.address();
  const name = host === "0.0.0.0" || host === "::" ? "localhost" : host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${typeof taken === "object" && taken !== null ? taken.port : port}`;
}

async function stop(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, "close");
  server.close();
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), FINISH_WITHIN_MS);
  await closed;
  clearTimeout(cut);
}
