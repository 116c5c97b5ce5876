"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { SearchX } from "lucide-react";
import Link from "next/link";
import { useEffect, useMemo, useState } from "react";
import { isTerminal } from "../../core/run.ts";
import { toErrorView } from "../api/error-view.ts";
import { useTRPC } from "../api/trpc.ts";
import { buttonStyle } from "../ui/button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { ErrorState } from "../ui/error-state.tsx";
import { useMediaQuery } from "../ui/use-media-query.ts";
import { ExplorerPanes } from "./explorer-panes.tsx";
import { ExplorerSkeleton } from "./explorer-skeleton.tsx";
import { givenReason } from "./given-reason.ts";
import { RunHeader } from "./run-header.tsx";
import { RunStatusView } from "./run-status-view.tsx";
import { groupSteps } from "./step-groups.ts";
import { useRunLog } from "./use-run-log.ts";

/** How often the run itself is asked for beside its stream, which ends with the run. */
const REFETCH_MS = 10_000;

/** One run: its header, and on a screen with room its graph, timeline and inspector, all following its events. */
export function RunExplorer({ runId }: { runId: string }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [resumes, setResumes] = useState(0);
  const detail = useQuery(
    trpc.runs.get.queryOptions({ run_id: runId }, { refetchInterval: REFETCH_MS }),
  );
  const log = useRunLog(
    detail.data === undefined ? null : runId,
    resumes,
    detail.data?.head_sequence ?? 0,
  );
  const graph = useQuery(trpc.runs.graph.queryOptions({ run_id: runId }, { staleTime: Infinity }));
  const hasRoom = useMediaQuery("(min-width: 1024px)");
  const status = log.status ?? detail.data?.status ?? null;
  const isOver = status !== null && isTerminal(status);
  // Before the first events are there, every step would seem to be pending.
  const picture = log.head === 0 ? undefined : graph.data;
  const groups = useMemo(
    () => (picture === undefined ? [] : groupSteps(picture, log.steps, isOver)),
    [picture, log.steps, isOver],
  );

  const reason = useMemo(() => givenReason(log.events), [log.events]);

  // Outside system: the server, which knows what the events of the run's own life do not carry (times, outputs, children).
  const { status: heard } = log;
  useEffect(() => {
    if (heard !== null)
      void queryClient.invalidateQueries({ queryKey: trpc.runs.get.queryKey({ run_id: runId }) });
  }, [queryClient, trpc, runId, heard]);

  if (detail.error !== null && detail.data === undefined) {
    const error = toErrorView(detail.error);
    if (error.code === "run_not_found" || error.code === "invalid_request")
      return <NoSuchRun runId={runId} />;
    return <ErrorState error={error} onRetry={() => void detail.refetch()} />;
  }
  if (detail.data === undefined || status === null || hasRoom === null) return <ExplorerSkeleton />;
  const run = detail.data;
  return (
    <>
      <RunHeader
        run={run}
        status={status}
        groups={groups}
        reason={reason}
        onResumed={() => setResumes((before) => before + 1)}
      />
      {graph.error !== null && graph.data === undefined ? (
        <ErrorState error={toErrorView(graph.error)} onRetry={() => void graph.refetch()} />
      ) : hasRoom ? (
        <ExplorerPanes
          run={run}
          isLive={!isOver}
          graph={picture}
          groups={groups}
          events={log.events}
        />
      ) : (
        <RunStatusView run={run} groups={groups} />
      )}
    </>
  );
}

function NoSuchRun({ runId }: { runId: string }) {
  return (
    <EmptyState icon={SearchX} title="There is no such run" command="orca runs list">
      <p>
        No run of this tenant has the id <span className="mono break-all">{runId}</span>. It may
        belong to another tenant, or a character is missing.
      </p>
      <Link href="/runs" className={`${buttonStyle()} mt-3`}>
        All runs
      </Link>
    </EmptyState>
  );
}
