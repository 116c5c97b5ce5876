"use client";

import { useQuery } from "@tanstack/react-query";
import { CircleCheck, CircleX, Cpu } from "lucide-react";
import { toErrorView } from "../api/error-view.ts";
import { useTRPC } from "../api/trpc.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { ErrorState } from "../ui/error-state.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import { Skeleton } from "../ui/skeleton.tsx";

/** The processes that execute runs, and whether each is still there. */
export function WorkerList() {
  const trpc = useTRPC();
  const query = useQuery(trpc.workers.list.queryOptions(undefined, { refetchInterval: 5_000 }));
  if (query.error !== null && query.data === undefined)
    return <ErrorState error={toErrorView(query.error)} onRetry={() => void query.refetch()} />;
  if (query.data === undefined) return <Skeleton className="h-24 w-full" />;
  if (query.data.items.length === 0) {
    return (
      <EmptyState icon={Cpu} title="No worker is running" command="orca worker">
        Runs wait until one starts:
      </EmptyState>
    );
  }
  return (
    <ul aria-label="Workers" className="divide-y rounded-lg border bg-surface">
      {query.data.items.map((worker) => (
        <li
          key={worker.worker_id}
          className="flex flex-wrap items-center gap-x-4 gap-y-1 px-3 py-2"
        >
          <span
            className={
              worker.is_alive
                ? "flex items-center gap-1 text-done"
                : "flex items-center gap-1 text-bad"
            }
          >
            {worker.is_alive ? (
              <CircleCheck aria-hidden className="size-4" />
            ) : (
              <CircleX aria-hidden className="size-4" />
            )}
            {worker.is_alive ? "Alive" : "Gone"}
          </span>
          <span className="min-w-0 flex-1 basis-48">
            <span className="block truncate font-medium">
              {worker.host} <span className="font-normal text-ink-muted">process {worker.pid}</span>
            </span>
            <span className="mono block truncate text-ink-muted">{worker.worker_id}</span>
          </span>
          <span>
            {worker.active_runs} of {worker.capacity} runs
          </span>
          <span className="text-ink-muted">{worker.version}</span>
          <span className="text-ink-muted">
            heard <RelativeTime at={worker.heartbeat_at} />
          </span>
        </li>
      ))}
    </ul>
  );
}
