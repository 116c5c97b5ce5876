import { once } from "node:events";
import type { Writable } from "node:stream";

/** Resolves when `stream` takes more, is closed or fails, or when `signal` is aborted; it leaves no listener behind. */
export async function untilDrained(stream: Writable, signal: AbortSignal): Promise<void> {
  const settled = new AbortController();
  const either = AbortSignal.any([signal, settled.signal]);
  await Promise.race([
    once(stream, "drain", { signal: either }),
    once(stream, "close", { signal: either }),
  ]).catch(() => undefined);
  // The one that lost would listen until the connection ends, once for every page a slow client is sent.
  settled.abort();
}
