"use client";

import { useSyncExternalStore } from "react";

/** How the page hears of changes: following a stream, trying to reach it again, asking now and then, or not at all. */
export type LiveState = "following" | "reconnecting" | "polling" | "unreachable";

const connections = new Map<symbol, LiveState>();
const listeners = new Set<() => void>();

/** Says how one stream, or the asking, is doing; `null` once it is closed, or answered. The top bar shows the worst of all. */
export function reportConnection(connection: symbol, state: LiveState | null): void {
  if (state === null) connections.delete(connection);
  else connections.set(connection, state);
  for (const notify of listeners) notify();
}

/** The state to show in the top bar. */
export function useLiveState(): LiveState {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    worst,
    () => "polling",
  );
}

function worst(): LiveState {
  const states = [...connections.values()];
  if (states.includes("unreachable")) return "unreachable";
  if (states.includes("reconnecting")) return "reconnecting";
  return states.includes("following") ? "following" : "polling";
}
