import type { Invocation } from "./invoker.ts";
import { type McpSession, type McpTools, openMcpSession } from "./mcp-session.ts";

/** Connections kept at most; beyond it the one that rested longest is closed, if none of its calls is under way. */
const MAX_SESSIONS = 64;

type Entry = { session: Promise<McpSession>; stop: AbortController; calls: number };

/** The open MCP connections of a process, one per tenant and service as it is written now. */
export class McpSessions {
  readonly #tools: McpTools;
  /** In order of last use. */
  readonly #entries = new Map<string, Entry>();

  constructor(tools: McpTools) {
    this.#tools = tools;
  }

  /** Runs `use` with a live session, connecting where there is none. A closed connection is forgotten at once. */
  async with<Result>(
    invocation: Invocation,
    use: (session: McpSession) => Promise<Result>,
  ): Promise<Result> {
    const key = keyOf(invocation);
    const entry = this.#entries.get(key) ?? this.#open(key, invocation);
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    entry.calls += 1;
    try {
      return await use(await entry.session);
    } finally {
      entry.calls -= 1;
      this.#closeSurplus();
    }
  }

  /** Forgets the session of a service, so that the next call connects anew; calls under way go on. */
  drop(invocation: Invocation): void {
    this.#entries.delete(keyOf(invocation));
  }

  /** Closes every connection and ends the child processes behind them. */
  async close(): Promise<void> {
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    await Promise.all(entries.map(closeEntry));
  }

  #open(key: string, invocation: Invocation): Entry {
    const forget = () => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
    };
    const stop = new AbortController();
    const session = openMcpSession(this.#tools, invocation, forget, stop.signal);
    const entry: Entry = { session, stop, calls: 0 };
    entry.session.catch(forget);
    this.#entries.set(key, entry);
    return entry;
  }

  #closeSurplus(): void {
    for (const [key, entry] of this.#entries) {
      if (this.#entries.size <= MAX_SESSIONS) return;
      if (entry.calls > 0) continue;
      this.#entries.delete(key);
      void closeEntry(entry);
    }
  }
}

async function closeEntry({ session, stop }: Entry): Promise<void> {
  stop.abort();
  await session.then((open) => open.close()).catch(() => {});
}

/** Whoever changes a service's address, command or headers gets a new connection. */
function keyOf({ tenantId, service, binding, network }: Invocation): string {
  return JSON.stringify([
    tenantId,
    service.id,
    service.server,
    service.metadata.headers,
    binding.metadata.headers,
    network.allowPrivate,
    network.allowPublic ?? true,
  ]);
}
