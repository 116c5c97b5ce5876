"use client";

import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useTRPC } from "../api/trpc.ts";
import { useNow } from "../ui/use-now.ts";
import { toRunsQuery, type RunFilter } from "./run-filter.ts";

const PAGE = 100;
/** Beyond this many pages the list stands still; reading far back is not the time to have it move. */
const MOST_PAGES_REFRESHED = 2;

/** The runs that match, newest first, page by page; the first pages follow the server. */
export function useRuns(filter: RunFilter) {
  const trpc = useTRPC();
  const now = useNow(60_000);
  return useInfiniteQuery(
    trpc.runs.list.infiniteQueryOptions(
      { ...toRunsQuery(filter, now), limit: PAGE },
      {
        getNextPageParam: (page) => page.next_cursor,
        placeholderData: keepPreviousData,
        refetchInterval: (query) =>
          (query.state.data?.pages.length ?? 0) <= MOST_PAGES_REFRESHED ? 2_000 : false,
      },
    ),
  );
}
