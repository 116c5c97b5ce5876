"use client";

import { useQuery } from "@tanstack/react-query";
import { Activity, Play } from "lucide-react";
import Link from "next/link";
import { RUN_STATUSES } from "../../core/run.ts";
import { toErrorView } from "../api/error-view.ts";
import { useTRPC } from "../api/trpc.ts";
import { RecentRuns } from "../runs/recent-runs.tsx";
import { STATUS_STYLE, TONE_STYLE } from "../runs/status-style.ts";
import { buttonStyle } from "../ui/button.tsx";
import { classNames } from "../ui/class-names.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { ErrorState } from "../ui/error-state.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { Figure } from "./figure.tsx";

/** How the tenant stands now; each figure opens the list behind it. */
export function OverviewPage() {
  const trpc = useTRPC();
  const stats = useQuery(trpc.stats.get.queryOptions(undefined, { refetchInterval: 3_000 }));
  const workers = useQuery(trpc.workers.list.queryOptions(undefined, { refetchInterval: 5_000 }));
  const runs = useQuery(trpc.runs.list.queryOptions({ limit: 8 }, { refetchInterval: 3_000 }));
  if (stats.error !== null && stats.data === undefined)
    return <ErrorState error={toErrorView(stats.error)} onRetry={() => void stats.refetch()} />;
  const alive = workers.data?.items.filter((worker) => worker.is_alive).length;
  return (
    <>
      <PageHeader
        title="Overview"
        actions={
          <Link href="/registry/skills" className={buttonStyle({ look: "primary" })}>
            <Play aria-hidden /> Start a run
          </Link>
        }
      />
      <div className="flex flex-col gap-6 p-4 lg:p-6">
        <section aria-label="Now" className="grid grid-cols-2 gap-3 lg:grid-cols-5">
          <Figure
            label="Started in the last minute"
            value={stats.data?.runs.started_last_minute}
            href="/runs?started=1h"
          />
          <Figure
            label="Failed in the last hour"
            value={stats.data?.runs.failed_last_hour}
            href="/runs?status=failed&started=1h"
            tone={stats.data?.runs.failed_last_hour === 0 ? "idle" : "bad"}
          />
          <Figure
            label="At work in this process"
            value={stats.data?.active_runs}
            href="/runs?status=running"
          />
          <Figure
            label="Parked until they can go on"
            value={stats.data?.parked_runs}
            href="/runs?status=waiting_for_signal&status=waiting_for_human"
          />
          <Figure
            label="Workers alive"
            value={alive}
            href="/settings?tab=workers"
            tone={alive === 0 ? "bad" : "idle"}
          />
        </section>
        <section aria-label="Runs by status" className="flex flex-col gap-2">
          <h2 className="font-semibold">Runs by status</h2>
          <ul className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border bg-line sm:grid-cols-3 lg:grid-cols-5">
            {RUN_STATUSES.map((status) => {
              const { icon: Icon, label, tone } = STATUS_STYLE[status];
              return (
                <li key={status} className="bg-surface">
                  <Link
                    href={`/runs?status=${status}`}
                    className="flex h-11 items-center gap-2 px-3 -outline-offset-2 hover:bg-hover"
                  >
                    <Icon
                      aria-hidden
                      className={classNames("size-4 shrink-0", TONE_STYLE[tone].text)}
                    />
                    <span className="min-w-0 flex-1 truncate">{label}</span>
                    {stats.data === undefined ? (
                      <Skeleton className="h-4 w-8" />
                    ) : (
                      <span className="font-medium">
                        {(stats.data.runs.by_status[status] ?? 0).toLocaleString()}
                      </span>
                    )}
                  </Link>
                </li>
              );
            })}
          </ul>
        </section>
        <section aria-label="Latest runs" className="flex flex-col gap-2">
          <h2 className="font-semibold">Latest runs</h2>
          {runs.data === undefined ? (
            <Skeleton className="h-80 w-full" />
          ) : runs.data.items.length === 0 ? (
            <EmptyState
              icon={Activity}
              title="No run has been started yet"
              command="orca run <skill> --input @input.json --watch"
            >
              Choose a skill in the{" "}
              <Link className="text-accent underline" href="/registry/skills">
                registry
              </Link>
              , or start one from a terminal:
            </EmptyState>
          ) : (
            <RecentRuns runs={runs.data.items} />
          )}
        </section>
      </div>
    </>
  );
}
