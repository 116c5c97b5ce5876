"use client";

import { Activity, Play, SearchX } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useCallback, useMemo, useRef, useState } from "react";
import { toErrorView } from "../api/error-view.ts";
import { usePageKeys } from "../shell/page-keys.tsx";
import { Button, buttonStyle } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { ErrorState } from "../ui/error-state.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { isEmptyFilter } from "./run-filter.ts";
import { RunFilterBar } from "./run-filter-bar.tsx";
import { RunList } from "./run-list.tsx";
import { useRunFilter } from "./use-run-filter.ts";
import { useRuns } from "./use-runs.ts";

/** All runs of the tenant, newest first, narrowed by the filter in the URL. */
export function RunsPage() {
  const [filter, changeFilter] = useRunFilter();
  const query = useRuns(filter);
  const runs = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const [currentId, setCurrentId] = useState<string | null>(null);
  const current = runs.findIndex((run) => run.run_id === currentId);
  const searchField = useRef<HTMLInputElement>(null);
  const router = useRouter();

  const move = (step: number) =>
    setCurrentId(runs[Math.min(runs.length - 1, Math.max(0, current + step))]?.run_id ?? null);
  usePageKeys([
    { key: "j", label: "Next run", run: () => move(1) },
    { key: "k", label: "Previous run", run: () => move(-1) },
    {
      key: "Enter",
      label: "Open the run",
      run: () => (currentId === null ? undefined : router.push(`/runs/${currentId}`)),
    },
    { key: "f", label: "Search and filter", run: () => searchField.current?.focus() },
  ]);

  const { fetchNextPage, isFetchingNextPage } = query;
  const onNearEnd = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, isFetchingNextPage]);

  return (
    <>
      <PageHeader
        title="Runs"
        actions={
          <Link href="/registry/skills" className={buttonStyle({ look: "primary" })}>
            <Play aria-hidden /> Start a run
          </Link>
        }
      />
      <RunFilterBar filter={filter} onChange={changeFilter} searchField={searchField} />
      {query.error !== null && query.data === undefined ? (
        <ErrorState error={toErrorView(query.error)} onRetry={() => void query.refetch()} />
      ) : query.data === undefined ? (
        <LoadingRows />
      ) : runs.length > 0 ? (
        <RunList
          runs={runs}
          currentId={currentId}
          onNearEnd={query.hasNextPage ? onNearEnd : null}
        />
      ) : isEmptyFilter(filter) ? (
        <EmptyState
          icon={Activity}
          title="No run has been started yet"
          command="orca run <skill> --input @input.json --watch"
        >
          Choose a skill in the{" "}
          <Link className="text-accent underline" href="/registry/skills">
            registry
          </Link>{" "}
          and press <em>Start a run</em>, or start one from a terminal:
        </EmptyState>
      ) : (
        <EmptyState icon={SearchX} title="No run matches these filters">
          <Button
            className="mt-1"
            onClick={() =>
              changeFilter({ status: [], skill: "", environment: "", q: "", started: null })
            }
          >
            Clear all filters
          </Button>
        </EmptyState>
      )}
    </>
  );
}

function LoadingRows() {
  return (
    <div aria-busy="true" aria-label="Runs are loading" role="status" className="mt-8">
      {Array.from({ length: 12 }, (_, index) => (
        <div key={index} className="flex h-10 items-center gap-4 border-b px-4 lg:px-6">
          <Skeleton className="h-5 w-24" />
          <Skeleton className="h-4 w-64" />
          <Skeleton className="h-4 w-40 max-md:hidden" />
          <Skeleton className="ml-auto h-4 w-16" />
        </div>
      ))}
    </div>
  );
}
