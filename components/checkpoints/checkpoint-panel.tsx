"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ChevronLeft, ChevronRight, X } from "lucide-react";
import Link from "next/link";
import { toErrorView } from "../api/error-view.ts";
import { useTRPC } from "../api/trpc.ts";
import { JsonViewer } from "../json-viewer/json-viewer.tsx";
import { planHref } from "../rewind/plan-href.ts";
import type { CheckpointTab } from "../run-explorer/use-selection.ts";
import { Button } from "../ui/button.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { ErrorState } from "../ui/error-state.tsx";
import { formatDuration } from "../ui/format-duration.ts";
import { Skeleton } from "../ui/skeleton.tsx";
import { TabBar } from "../ui/tab-bar.tsx";
import { ChangeList } from "./change-list.tsx";
import { checkpointName } from "./checkpoint-name.ts";
import { PinButton } from "./pin-button.tsx";
import type { CheckpointChoice } from "./use-checkpoint-choice.ts";

const TABS: readonly { value: CheckpointTab; label: string }[] = [
  { value: "changes", label: "What changed" },
  { value: "state", label: "State" },
];

type CheckpointPanelProps = {
  runId: string;
  /** Distances are counted from here (RFC 3339). */
  startedAt: string;
  checkpointId: string;
  choice: CheckpointChoice;
  tab: CheckpointTab;
  onTab: (tab: CheckpointTab) => void;
};

/** The run as of one checkpoint: what the step before it changed, and the whole state. */
export function CheckpointPanel({
  runId,
  startedAt,
  checkpointId,
  choice,
  tab,
  onTab,
}: CheckpointPanelProps) {
  const { checkpoints, index, pinned, select, move } = choice;
  const checkpoint = checkpoints[index];
  return (
    <section aria-label="Inspector" className="flex min-h-0 min-w-0 flex-1 flex-col bg-surface">
      <div className="flex h-11 shrink-0 items-center gap-1 pr-2 pl-4">
        <h2 className="mr-auto min-w-0 truncate font-semibold">
          {checkpoint === undefined ? "Checkpoint" : checkpointName(checkpoint)}
        </h2>
        <PinButton runId={runId} checkpointId={checkpointId} isPinned={pinned.has(checkpointId)} />
        <Button
          look="quiet"
          size="iconSmall"
          aria-label="Previous checkpoint"
          title="Previous checkpoint"
          blockedBecause={index === 0 ? "This is the first checkpoint" : null}
          onClick={() => move(-1)}
        >
          <ChevronLeft aria-hidden />
        </Button>
        <Button
          look="quiet"
          size="iconSmall"
          aria-label="Next checkpoint"
          title="Next checkpoint"
          blockedBecause={index === checkpoints.length - 1 ? "This is the last checkpoint" : null}
          onClick={() => move(1)}
        >
          <ChevronRight aria-hidden />
        </Button>
        <Button
          look="quiet"
          size="iconSmall"
          aria-label="Close the checkpoint"
          title="Close the checkpoint"
          onClick={() => select(null)}
        >
          <X aria-hidden />
        </Button>
      </div>
      <p className="-mt-1 flex shrink-0 items-center gap-1 px-4 pb-1 text-sm text-ink-muted">
        <span className="mono min-w-0 truncate" title={checkpointId}>
          {checkpointId}
        </span>
        <CopyButton text={checkpointId} label="Copy checkpoint id" className="size-5" />
        {checkpoint === undefined ? null : (
          <span className="ml-auto whitespace-nowrap">
            {index + 1} of {checkpoints.length} ·{" "}
            <time dateTime={checkpoint.created_at} title={checkpoint.created_at}>
              +{formatDuration(Date.parse(checkpoint.created_at) - Date.parse(startedAt))}
            </time>
          </span>
        )}
      </p>
      <p className="flex shrink-0 gap-4 px-4 pb-1.5">
        <Link
          className="text-accent hover:underline"
          href={planHref(runId, { operation: "replay", checkpoint: checkpointId })}
        >
          Replay from here
        </Link>
        <Link
          className="text-accent hover:underline"
          href={planHref(runId, { operation: "fork", checkpoint: checkpointId })}
        >
          Fork from here
        </Link>
      </p>
      <TabBar label="What to see" tabs={TABS} value={tab} onChange={onTab}>
        {tab === "changes" ? (
          <Changes runId={runId} checkpointId={checkpointId} />
        ) : (
          <State runId={runId} checkpointId={checkpointId} />
        )}
      </TabBar>
    </section>
  );
}

type Shown = { runId: string; checkpointId: string };

function Changes({ runId, checkpointId }: Shown) {
  const trpc = useTRPC();
  const { data, error, refetch, isPlaceholderData } = useQuery(
    trpc.checkpoints.changes.queryOptions(
      { run_id: runId, checkpoint_id: checkpointId },
      { staleTime: Infinity, placeholderData: keepPreviousData },
    ),
  );
  if (error !== null)
    return <ErrorState error={toErrorView(error)} onRetry={() => void refetch()} />;
  if (data === undefined) return <Loading />;
  return (
    <div
      aria-busy={isPlaceholderData}
      className="flex min-h-0 flex-1 flex-col aria-busy:opacity-60"
    >
      <ChangeList changes={data} />
    </div>
  );
}

function State({ runId, checkpointId }: Shown) {
  const trpc = useTRPC();
  const { data, error, refetch, isPlaceholderData } = useQuery(
    trpc.checkpoints.state.queryOptions(
      { run_id: runId, checkpoint_id: checkpointId },
      // States may be large: those that are not on screen are soon let go.
      { staleTime: Infinity, gcTime: 30_000, placeholderData: keepPreviousData },
    ),
  );
  if (error !== null)
    return <ErrorState error={toErrorView(error)} onRetry={() => void refetch()} />;
  if (data === undefined) return <Loading />;
  return (
    <div
      aria-busy={isPlaceholderData}
      className="flex min-h-0 flex-1 flex-col aria-busy:opacity-60"
    >
      <JsonViewer value={data.state} label="the state" />
    </div>
  );
}

function Loading() {
  return (
    <div role="status" aria-label="The checkpoint is loading" className="flex flex-col gap-3 p-4">
      <Skeleton className="h-5 w-56" />
      <Skeleton className="h-5 w-full" />
      <Skeleton className="h-5 w-full" />
    </div>
  );
}
