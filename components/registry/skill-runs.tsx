"use client";

import { useQuery } from "@tanstack/react-query";
import { Activity } from "lucide-react";
import Link from "next/link";
import { toErrorView } from "../api/error-view.ts";
import { useTRPC } from "../api/trpc.ts";
import { RecentRuns } from "../runs/recent-runs.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { ErrorState } from "../ui/error-state.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { registryHref } from "./registry-kinds.ts";

/** The latest runs of one skill. */
export function SkillRuns({ id }: { id: string }) {
  const trpc = useTRPC();
  const runs = useQuery(
    trpc.runs.list.queryOptions({ skill: id, limit: 20 }, { refetchInterval: 3_000 }),
  );
  if (runs.error !== null && runs.data === undefined)
    return <ErrorState error={toErrorView(runs.error)} onRetry={() => void runs.refetch()} />;
  if (runs.data === undefined) return <Skeleton className="m-6 h-40" />;
  if (runs.data.items.length === 0) {
    return (
      <EmptyState
        icon={Activity}
        title="This skill has not run yet"
        command={`orca run ${id} --watch`}
      >
        <Link className="text-accent underline" href={`${registryHref("skills", id)}/start`}>
          Start a run
        </Link>{" "}
        here, or from a terminal:
      </EmptyState>
    );
  }
  return (
    <div className="overflow-auto p-4 lg:p-6">
      <RecentRuns runs={runs.data.items} />
      <Link
        className="mt-3 inline-block text-accent hover:underline"
        href={`/runs?skill=${encodeURIComponent(id)}`}
      >
        All runs of this skill
      </Link>
    </div>
  );
}
