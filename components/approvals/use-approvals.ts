"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTRPC } from "../api/trpc.ts";
import type { ApprovalTab } from "./use-approval-choice.ts";

/** So many are listed; the rest follows as these are decided. */
export const MOST_APPROVALS = 200;

const FILTERS = {
  mine: { status: ["pending"], eligible: true },
  pending: { status: ["pending"] },
  decided: { status: ["approved", "denied", "pushed_back", "expired", "canceled"] },
} as const;

/** One list of approvals, which follows the server. */
export function useApprovals(tab: ApprovalTab) {
  const trpc = useTRPC();
  const { status, ...rest } = FILTERS[tab];
  return useQuery(
    trpc.approvals.list.queryOptions(
      { ...rest, status: [...status], limit: MOST_APPROVALS },
      { refetchInterval: 5_000, placeholderData: keepPreviousData },
    ),
  );
}
