import { useSyncExternalStore } from "react";

const never = () => () => {};

/** False in the page as the server sent it, true as soon as handlers are attached. */
export function useIsHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}
