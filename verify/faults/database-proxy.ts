import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

type Verdict = "pass" | "drop";

/** What happens to the request of a client that a rule was waiting for. */
export type Interception = {
  /** Before the database sees it. "drop" keeps it from the database for ever. */
  before?: () => Promise<Verdict>;
  /** Once the database has carried it out and answered in full; the client has not heard of it yet. */
  after?: () => Promise<void>;
};

export type DatabaseProxy = AsyncDisposable & {
  /** The address of the database, through the proxy. */
  connectionString: string;
  /** Waits for the next request whose bytes satisfy `matches`; resolves once the interception is done. */
  intercept: (
    matches: (request: Buffer) => boolean,
    what: Interception,
    /** Aborted, it waits no more. */
    signal?: AbortSignal,
  ) => Promise<void>;
};

/** A request ends with Sync or a simple Query; what signs in (p) or off (X) stands alone. An answer ends with ReadyForQuery. */
const REQUEST_ENDS = typesOf("S", "Q", "p", "X");
const ANSWER_ENDS = typesOf("Z");

/**
 * A proxy on loopback that understands where a request to PostgreSQL begins and ends, so that a process can be killed
 * exactly before one of its commits or between a commit and the news of it. What passes is not changed.
 */
export async function startDatabaseProxy(target: string): Promise<DatabaseProxy> {
  const { hostname, port } = new URL(target);
  const rules = new Set<{
    matches: (request: Buffer) => boolean;
    what: Interception;
    done: () => void;
  }>();
  const sockets = new Set<Socket>();

  function ruleFor(request: Buffer) {
    for (const rule of rules) {
      if (!rule.matches(request)) continue;
      rules.delete(rule);
      return rule;
    }
    return null;
  }

  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.setNoDelay(true);
      from.on("error", () => to.destroy());
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
      });
    }
    // One request after the other: the answer to an intercepted one must not be mixed with the next.
    let requests = Promise.resolve();
    let answered: (() => Promise<void>) | null = null;
    splitMessages(client, { startsWithLength: true, ends: REQUEST_ENDS }, (request) => {
      requests = requests.then(async () => {
        const rule = ruleFor(request);
        if (rule === null) return void upstream.write(request);
        if ((await rule.what.before?.()) === "drop") return rule.done();
        const { promise, resolve } = Promise.withResolvers<void>();
        answered = async () => {
          answered = null;
          await rule.what.after?.();
          rule.done();
          resolve();
        };
        upstream.write(request);
        upstream.once("close", resolve);
        await promise;
      });
    });
    let answers = Promise.resolve();
    splitMessages(upstream, { startsWithLength: false, ends: ANSWER_ENDS }, (answer, isWhole) => {
      answers = answers.then(async () => {
        if (isWhole) await answered?.();
        client.write(answer);
      });
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const url = new URL(target);
  url.port = String(typeof address === "object" && address !== null ? address.port : 0);
  return {
    connectionString: url.toString(),
    intercept: (matches, what, signal) =>
      new Promise((done) => {
        const rule = { matches, what, done };
        rules.add(rule);
        signal?.addEventListener("abort", () => {
          if (rules.delete(rule)) done();
        });
      }),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type Framing = { startsWithLength: boolean; ends: ReadonlySet<number> };

function typesOf(...letters: string[]): ReadonlySet<number> {
  return new Set(letters.map((letter) => letter.charCodeAt(0)));
}

/**
 * Hands on the bytes of a connection in whole messages, kept together up to the one that ends a request or an answer.
 * A client's first message has a length and no type. Messages of an answer that has not ended yet are handed on when
 * no more bytes are there, as not whole.
 */
function splitMessages(
  from: Socket,
  { startsWithLength, ends }: Framing,
  hand: (messages: Buffer, isWhole: boolean) => void,
): void {
  let bytes = Buffer.alloc(0);
  let isFirst = startsWithLength;
  /** Up to where `bytes` was looked at: whole messages that wait for their end. */
  let seen = 0;
  const handOn = (isWhole: boolean) => {
    hand(bytes.subarray(0, seen), isWhole);
    bytes = bytes.subarray(seen);
    seen = 0;
  };
  from.on("data", (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    for (;;) {
      const typeBytes = isFirst ? 0 : 1;
      if (bytes.length < seen + typeBytes + 4) break;
      const length = bytes.readUInt32BE(seen + typeBytes) + typeBytes;
      if (bytes.length < seen + length) break;
      const type = bytes[seen] ?? 0;
      seen += length;
      if (isFirst || ends.has(type)) handOn(true);
      isFirst = false;
    }
    if (!startsWithLength && seen > 0 && seen === bytes.length) handOn(false);
  });
}
