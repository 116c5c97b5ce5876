"use client";

import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useTRPC } from "../api/trpc.ts";
import { useNow } from "../ui/use-now.ts";
import { type EffectFilter, toEffectsQuery } from "./effect-filter.ts";

const PAGE = 100;
/** Beyond this many pages the list stands still; reading far back is not the time to have it move. */
const MOST_PAGES_REFRESHED = 2;

/** The effects that match, newest first, page by page; the first pages follow the server. */
export function useEffects(filter: EffectFilter) {
  const trpc = useTRPC();
  const now = useNow(60_000);
  return useInfiniteQuery(
    trpc.effects.list.infiniteQueryOptions(
      { ...toEffectsQuery(filter, now), limit: PAGE },
      {
        getNextPageParam: (page) => page.next_cursor,
        placeholderData: keepPreviousData,
        refetchInterval: (query) =>
          (query.state.data?.pages.length ?? 0) <= MOST_PAGES_REFRESHED ? 3_000 : false,
      },
    ),
  );
}

/** How many outcomes are unknown, in words: `3`, `100+`; null while that is unknown itself, or for none. */
export function useUnknownCount(): string | null {
  const trpc = useTRPC();
  const { data } = useQuery(
    trpc.effects.list.queryOptions(
      { status: ["in_doubt"], limit: PAGE },
      { refetchInterval: 10_000 },
    ),
  );
  if (data === undefined || data.items.length === 0) return null;
  return data.next_cursor === null ? String(data.items.length) : `${PAGE}+`;
}
