"use client";

import { useCallback, useSyncExternalStore } from "react";

const listeners = new Set<() => void>();

/** A number that this browser remembers under `key`, such as the width of a pane. */
export function useStoredNumber(key: string, initial: number): [number, (value: number) => void] {
  const value = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => read(key, initial),
    () => initial,
  );
  const store = useCallback(
    (next: number) => {
      localStorage.setItem(key, String(next));
      for (const notify of listeners) notify();
    },
    [key],
  );
  return [value, store];
}

function read(key: string, initial: number): number {
  const stored = Number(localStorage.getItem(key) ?? Number.NaN);
  return Number.isFinite(stored) ? stored : initial;
}
