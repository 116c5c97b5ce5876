import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { EntrySchema } from "../../server/sandbox/sandbox-records.ts";
import { startSandboxService } from "../../server/sandbox/start-sandbox-service.ts";

/**
 * How the provider treats a request. The first of a title is the one that counts for `…_first`; later ones are served.
 * `lose_answer`: it acts, and the connection breaks before it says so. `fail_after`: it acts, and answers 500. `stall`:
 * it acts, and answers late.
 */
export const MANNERS = [
  "serve",
  "slow",
  "refuse_first",
  "busy",
  "busy_first",
  "lose_answer_first",
  "fail_after_first",
  "stall_first",
  "hold",
] as const;
export type Manner = (typeof MANNERS)[number];

const SLOW_MS = 150;
/** Longer than a hasty step waits. */
const STALL_MS = 6_000;

export type UnreliableProvider = AsyncDisposable & {
  /** Honours Idempotency-Key. */
  url: string;
  /** Knows no keys: every request is another ticket. */
  plainUrl: string;
  /** How often the provider acted for each title: read from its own log on disk. */
  countActs: () => Map<string, number>;
  /** How often each title was asked for, served or not. */
  requests: ReadonlyMap<string, number>;
  /** The titles that were asked for under each Idempotency-Key, whether the provider honours it or not. */
  titlesOfKeys: ReadonlyMap<string, ReadonlySet<string>>;
  /** Answers the requests of a title that are held, and those that come. */
  release: (title: string) => void;
};

const TicketSchema = z.looseObject({ title: z.string(), labels: z.array(z.string()).optional() });

/**
 * The shipped sandbox service with a front that makes a provider as unreliable as those outside: in a process that no
 * verifier kills, so that its log is the truth about what reached it. `chance` treats the tickets that leave it to that.
 */
export async function startUnreliableProvider(
  dataDir: string,
  chance: (title: string, honoursKeys: boolean) => Manner = () => "serve",
): Promise<UnreliableProvider> {
  const sandbox = await startSandboxService({
    host: "127.0.0.1",
    httpPort: 0,
    smtpPort: 0,
    dataDir,
    now: () => new Date(),
  });
  const requests = new Map<string, number>();
  const titlesOfKeys = new Map<string, Set<string>>();
  const gates = new Map<string, PromiseWithResolvers<void>>();
  const gateOf = (title: string) => {
    const gate = gates.get(title) ?? Promise.withResolvers<void>();
    gates.set(title, gate);
    return gate;
  };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await textOf(request);
    const { title, labels = [] } = TicketSchema.parse(JSON.parse(body));
    const honoursKeys = request.url?.startsWith("/plain/") !== true;
    const asked = z.enum([...MANNERS, "by_chance"]).parse(labels[0]);
    const manner = asked === "by_chance" ? chance(title, honoursKeys) : asked;
    const count = (requests.get(title) ?? 0) + 1;
    requests.set(title, count);
    const sentKey = request.headers["idempotency-key"];
    if (typeof sentKey === "string")
      titlesOfKeys.set(sentKey, (titlesOfKeys.get(sentKey) ?? new Set()).add(title));
    const isFirst = count === 1;
    if (manner === "slow") await sleep(SLOW_MS);
    if (manner === "refuse_first" && isFirst) return answer(response, 422, "Not today.");
    if (manner === "busy" || (manner === "busy_first" && isFirst))
      return answer(response, 503, "Too busy.");
    const key = honoursKeys ? sentKey : undefined;
    const acted = await fetch(`${sandbox.baseUrl}/tickets`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(typeof key === "string" ? { "idempotency-key": key } : {}),
      },
      body,
    });
    const said = await acted.text();
    if (manner === "stall_first" && isFirst) await sleep(STALL_MS);
    if (manner === "hold") await gateOf(title).promise;
    if (manner === "lose_answer_first" && isFirst) return void response.destroy();
    if (manner === "fail_after_first" && isFirst) return answer(response, 500, "Something broke.");
    response.writeHead(acted.status, { "content-type": "application/json" }).end(said);
  }

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    plainUrl: `http://127.0.0.1:${port}/plain`,
    countActs: () => readActs(join(dataDir, "sandbox.jsonl")),
    requests,
    titlesOfKeys,
    release: (title) => gateOf(title).resolve(),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await sandbox.stop();
    },
  };
}

function readActs(file: string): Map<string, number> {
  const acts = new Map<string, number>();
  for (const line of readFileSync(file, { encoding: "utf8", flag: "a+" }).split("\n")) {
    const ticket = line === "" ? undefined : EntrySchema.parse(JSON.parse(line)).ticket;
    if (ticket !== undefined) acts.set(ticket.title, (acts.get(ticket.title) ?? 0) + 1);
  }
  return acts;
}

function answer(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify({ error: { code: "provider", message } }));
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}
