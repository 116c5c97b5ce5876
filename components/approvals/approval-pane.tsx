"use client";

import { useQuery } from "@tanstack/react-query";
import { toErrorView } from "../api/error-view.ts";
import { useTRPC } from "../api/trpc.ts";
import { ErrorState } from "../ui/error-state.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { DoubtQuestion } from "./doubt-question.tsx";
import { ApprovalDetailView } from "./approval-detail.tsx";

/** One approval, read from the server as long as it is pending. */
export function ApprovalPane({ approvalId }: { approvalId: string }) {
  const trpc = useTRPC();
  const query = useQuery(
    trpc.approvals.get.queryOptions(
      { approval_id: approvalId },
      {
        refetchInterval: ({ state }) => (state.data?.status === "pending" ? 3_000 : false),
        retry: false,
      },
    ),
  );
  if (query.error !== null && query.data === undefined) {
    return <ErrorState error={toErrorView(query.error)} onRetry={() => void query.refetch()} />;
  }
  if (query.data === undefined) {
    return (
      <div
        role="status"
        aria-label="The approval is loading"
        className="flex flex-col gap-4 p-4 lg:p-6"
      >
        <Skeleton className="h-6 w-80" />
        <Skeleton className="h-40 w-full max-w-xl" />
        <Skeleton className="h-48 w-full" />
      </div>
    );
  }
  // A payload that became another one is another question: what was typed for the old one is gone.
  const View = query.data.kind === "in_doubt" ? DoubtQuestion : ApprovalDetailView;
  return <View key={query.data.payload_hash} approval={query.data} />;
}
