"use client";

import { useSyncExternalStore } from "react";

type Ticker = { read: () => number; subscribe: (listener: () => void) => () => void };
const tickers = new Map<number, Ticker>();

/** The viewer's clock, renewed every `intervalMs`; all callers of one interval share one timer. */
export function useNow(intervalMs = 1_000): number {
  const ticker = tickers.get(intervalMs) ?? makeTicker(intervalMs);
  return useSyncExternalStore(ticker.subscribe, ticker.read, () => 0);
}

function makeTicker(intervalMs: number): Ticker {
  const listeners = new Set<() => void>();
  let now = Date.now();
  let timer: ReturnType<typeof setInterval> | undefined;
  const tick = () => {
    now = Date.now();
    for (const notify of listeners) notify();
  };
  const ticker: Ticker = {
    read: () => now,
    subscribe: (listener) => {
      listeners.add(listener);
      if (timer === undefined) {
        // A ticker that slept shows the time at which it fell asleep until it is wound again.
        now = Date.now();
        timer = setInterval(tick, intervalMs);
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
  tickers.set(intervalMs, ticker);
  return ticker;
}
