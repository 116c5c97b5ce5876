"use client";

import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useTRPC } from "../api/trpc.ts";
import {
  toBindingEntry,
  toCapabilityEntry,
  toServiceEntry,
  toSkillEntry,
  type RegistryEntry,
} from "./registry-entry.ts";
import type { RegistryKind } from "./registry-kinds.ts";

type RegistryItems = {
  items: RegistryEntry[] | undefined;
  error: unknown;
  hasMore: boolean;
  fetchMore: () => void;
  retry: () => void;
};

/** The documents of one kind that contain the words, page by page. Only the kind on screen is asked for. */
export function useRegistryItems(kind: RegistryKind, q: string): RegistryItems {
  const trpc = useTRPC();
  const input = { limit: 100, ...(q === "" ? {} : { q }) };
  const page = {
    getNextPageParam: (last: { next_cursor: string | null }) => last.next_cursor,
    placeholderData: keepPreviousData,
  };
  const skills = useInfiniteQuery(
    trpc.skills.list.infiniteQueryOptions(input, { ...page, enabled: kind === "skills" }),
  );
  const capabilities = useInfiniteQuery(
    trpc.capabilities.list.infiniteQueryOptions(input, {
      ...page,
      enabled: kind === "capabilities",
    }),
  );
  const bindings = useInfiniteQuery(
    trpc.bindings.list.infiniteQueryOptions(input, { ...page, enabled: kind === "bindings" }),
  );
  const services = useInfiniteQuery(
    trpc.services.list.infiniteQueryOptions(input, { ...page, enabled: kind === "services" }),
  );
  const query = { skills, capabilities, bindings, services }[kind];
  return {
    items: {
      skills: skills.data?.pages.flatMap((one) => one.items.map(toSkillEntry)),
      capabilities: capabilities.data?.pages.flatMap((one) => one.items.map(toCapabilityEntry)),
      bindings: bindings.data?.pages.flatMap((one) => one.items.map(toBindingEntry)),
      services: services.data?.pages.flatMap((one) => one.items.map(toServiceEntry)),
    }[kind],
    error: query.error,
    hasMore: query.hasNextPage,
    fetchMore: () => (query.isFetchingNextPage ? undefined : void query.fetchNextPage()),
    retry: () => void query.refetch(),
  };
}
