"use client";

import { useSyncExternalStore } from "react";

/** The key that opens the palette together with K: ⌘ on Apple's keyboards, Ctrl elsewhere. */
export function useModifierKey(): string {
  return useSyncExternalStore(
    () => () => {},
    () => (/mac|iphone|ipad/i.test(navigator.userAgent) ? "⌘" : "Ctrl"),
    () => "Ctrl",
  );
}
