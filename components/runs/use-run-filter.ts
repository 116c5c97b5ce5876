"use client";

import { useSearchParams } from "next/navigation";
import { useMemo } from "react";
import { pushUrl } from "../shell/push-url.ts";
import { formatRunFilter, parseRunFilter, type RunFilter } from "./run-filter.ts";

/** The filter that stands in the URL, and the way to change it: choosing makes a step back, typing does not. */
export function useRunFilter(): [
  RunFilter,
  (change: Partial<RunFilter>, how?: "push" | "replace") => void,
] {
  const params = useSearchParams();
  const filter = useMemo(() => parseRunFilter(new URLSearchParams(params)), [params]);
  const change = (changes: Partial<RunFilter>, how: "push" | "replace" = "push") => {
    const now = parseRunFilter(new URLSearchParams(location.search));
    pushUrl("/runs", new URLSearchParams(formatRunFilter({ ...now, ...changes })), how);
  };
  return [filter, change];
}
