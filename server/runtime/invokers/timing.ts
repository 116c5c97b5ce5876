import { setTimeout as sleep } from "node:timers/promises";

/** Clock, chance and waiting of the invokers, handed in so that tests need neither patience nor luck. */
export type Timing = {
  /** Epoch milliseconds. */
  now(): number;
  /** At least 0, below 1. */
  random(): number;
  /** Rejects as soon as the signal aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
};

/** The machine's own. */
export const systemTiming: Timing = {
  now: () => Date.now(),
  random: () => Math.random(),
  wait: (ms, signal) => sleep(ms, undefined, { signal }),
};

/** The longest delay that a Node timer can hold; a longer one would fire at once. */
const MAX_TIMER_MS = 2_147_483_647;

/** Calls back after `ms` (`Infinity` allowed); the returned function stops it. */
export function startTimer(ms: number, callback: () => void): () => void {
  const timer = setTimeout(callback, Math.min(Math.max(ms, 0), MAX_TIMER_MS));
  return () => clearTimeout(timer);
}

/** A duration for a message: three digits of seconds say all that a reader needs. */
export function formatSeconds(ms: number): string {
  return `${Number((ms / 1000).toPrecision(3))} s`;
}
