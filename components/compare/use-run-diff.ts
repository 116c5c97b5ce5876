"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { RunDiff } from "../../core/run-diff-view.ts";
import { isTerminal } from "../../core/run.ts";
import { useTRPC } from "../api/trpc.ts";

/** A run that goes on is compared again this often. */
const REFETCH_MS = 10_000;

/** Two runs compared, as far as pages were asked for: `diff` has the entries of all of them. */
export function useRunDiff(a: string, b: string) {
  const trpc = useTRPC();
  const query = useInfiniteQuery(
    trpc.runs.diff.infiniteQueryOptions(
      { run_id: a, with: b },
      {
        getNextPageParam: (page) => (page.kind === "run" ? page.next_cursor : null),
        refetchInterval: ({ state: { data } }) =>
          data?.pages.some(goesOn) === true ? REFETCH_MS : false,
      },
    ),
  );
  const pages = query.data?.pages;
  const diff = useMemo((): RunDiff | null => {
    const parts = (pages ?? []).flatMap((page) => (page.kind === "run" ? [page] : []));
    const [first] = parts;
    return first === undefined
      ? null
      : { ...first, entries: parts.flatMap(({ entries }) => entries) };
  }, [pages]);
  return { ...query, diff };
}

function goesOn(page: { kind: string } | RunDiff): boolean {
  return (
    "a" in page && page.kind === "run" && !(isTerminal(page.a.status) && isTerminal(page.b.status))
  );
}
