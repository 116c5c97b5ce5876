"use client";

import { useSyncExternalStore } from "react";

const KEY = "orca.environment";
const listeners = new Set<() => void>();

/** The environment that this browser works in: where new runs start. Null until one is chosen. */
export function useCurrentEnvironment(): string | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => localStorage.getItem(KEY),
    () => null,
  );
}

/** Chooses the environment that this browser works in. */
export function chooseEnvironment(name: string): void {
  localStorage.setItem(KEY, name);
  for (const notify of listeners) notify();
}
