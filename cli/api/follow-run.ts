import { setTimeout as sleep } from "node:timers/promises";
import type { EventEnvelope } from "../../core/run-events.ts";
import { CliError } from "../cli-error.ts";
import { EXIT_CODE } from "../exit-code.ts";
import { EventAnswer } from "./answers.ts";
import type { ApiClient } from "./api-client.ts";
import { segment } from "./api-client.ts";
import { readServerSentEvents } from "./server-sent-events.ts";

export type FollowOptions = {
  /** Only events with a higher sequence. */
  after: number;
  /** Ends the following without an error. */
  signal: AbortSignal;
  /** Told when the server cannot be reached any more, and when it is back. */
  onConnection?: (state: { isLost: boolean }) => void;
  /** How often and how long a lost server is looked for. */
  patience?: Patience;
};

export type Patience = { firstMs: number; longestMs: number; giveUpMs: number; silenceMs: number };

const PATIENCE: Patience = {
  /** A stream that just ended usually goes on elsewhere at once. */
  firstMs: 100,
  longestMs: 3_000,
  /** A server that restarts is back in seconds, one that is being upgraded in minutes. */
  giveUpMs: 300_000,
  /** Three times the server's heartbeat. */
  silenceMs: 45_000,
};

/**
 * A run's events in order, each exactly once, across lost connections and restarts of the server. Ends after the event
 * that ends the run. Throws what the server refuses at once, and `unavailable` when it stays away too long.
 */
export async function* followRun(
  client: ApiClient,
  runId: string,
  { after, signal, onConnection, patience = PATIENCE }: FollowOptions,
): AsyncGenerator<EventEnvelope> {
  let position = after;
  let isEnded = false;
  /** Null before the first connection: a server that never answered is not waited for. */
  let lastSeenAt: number | null = null;
  let isToldLost = false;
  let waitMs = patience.firstMs;
  while (!signal.aborted) {
    try {
      for await (const news of readConnection(client, runId, position, signal, patience)) {
        lastSeenAt = performance.now();
        if (isToldLost) onConnection?.({ isLost: false });
        isToldLost = false;
        if (news === "ended") return;
        if (news === "connected") continue;
        waitMs = patience.firstMs;
        if (news.sequence <= position) continue;
        // Never shown with a hole in it: what is missing is asked for again.
        if (news.sequence !== position + 1) break;
        position = news.sequence;
        isEnded = endsRun(news, isEnded);
        yield news;
      }
      if (isEnded) return;
    } catch (thrown) {
      if (signal.aborted) return;
      if (lastSeenAt === null || !isLoss(thrown)) throw thrown;
      if (performance.now() - lastSeenAt > patience.giveUpMs) throw thrown;
      if (!isToldLost) onConnection?.({ isLost: true });
      isToldLost = true;
    }
    await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    waitMs = Math.min(waitMs * 2, patience.longestMs);
  }
}

type News = EventEnvelope | "connected" | "ended";

/** What one connection brings, after `connected`. Ends where the server ends it, throws where it breaks. */
async function* readConnection(
  client: ApiClient,
  runId: string,
  position: number,
  signal: AbortSignal,
  { silenceMs }: Patience,
): AsyncGenerator<News> {
  const silence = new AbortController();
  const watchdog = setTimeout(() => silence.abort(new DOMException("", "TimeoutError")), silenceMs);
  try {
    const stream = await client.stream(`/runs/${segment(runId)}/stream`, {
      headers: { "last-event-id": String(position) },
      signal: AbortSignal.any([signal, silence.signal]),
    });
    yield stream === null ? "ended" : "connected";
    if (stream === null) return;
    for await (const message of readServerSentEvents(stream)) {
      watchdog.refresh();
      if (message.kind === "message") yield EventAnswer.parse(JSON.parse(message.data));
    }
  } finally {
    clearTimeout(watchdog);
    silence.abort();
  }
}

/** True where trying again may help: the connection broke, nobody answered, or the server could not answer now. */
function isLoss(thrown: unknown): boolean {
  if (thrown instanceof CliError)
    return thrown.exitCode === EXIT_CODE.unavailable || thrown.code === "rate_limited";
  return (
    thrown instanceof TypeError ||
    (thrown instanceof DOMException && thrown.name === "TimeoutError")
  );
}

/** A run that ended may have been resumed since; then more events follow. */
function endsRun({ event_type: type }: EventEnvelope, wasEnded: boolean): boolean {
  if (type === "run.completed" || type === "run.failed" || type === "run.canceled") return true;
  return type === "run.resumed" ? false : wasEnded;
}
