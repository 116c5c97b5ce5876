"use client";

import { usePathname, useSearchParams } from "next/navigation";

/** The words that the registry is searched for; they stand in the URL. */
export function useRegistrySearch(): [string, (q: string) => void] {
  const q = useSearchParams().get("q") ?? "";
  const path = usePathname();
  return [
    q,
    (next) =>
      history.replaceState(null, "", next === "" ? path : `${path}?q=${encodeURIComponent(next)}`),
  ];
}
