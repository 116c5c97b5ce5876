"use client";

import { ChevronLeft, CirclePlay, History, RotateCcw } from "lucide-react";
import Link from "next/link";
import type { RunDetail } from "../../core/run-view.ts";
import { isTerminal, type RunStatus } from "../../core/run.ts";
import { planHref } from "../rewind/plan-href.ts";
import { CompareWith } from "../compare/compare-with.tsx";
import { StatusBadge } from "../runs/status-badge.tsx";
import { buttonStyle } from "../ui/button.tsx";
import { formatDuration } from "../ui/format-duration.ts";
import { useNow } from "../ui/use-now.ts";
import { ExportPackLink } from "./export-pack-link.tsx";
import { RunActions } from "./run-actions.tsx";
import { computeRunTimes } from "./run-times.ts";
import { statusSentence } from "./status-sentence.ts";
import type { StepGroup } from "./step-groups.ts";

type RunHeaderProps = {
  run: RunDetail;
  status: RunStatus;
  groups: readonly StepGroup[];
  /** What somebody wrote who steered the run. */
  reason: string | null;
  onResumed: () => void;
};

/** What runs, how it stands in one sentence, where the time went, where it comes from, and what one may do. */
export function RunHeader({ run, status, groups, reason, onResumed }: RunHeaderProps) {
  const now = useNow();
  const times = computeRunTimes(
    run,
    groups,
    isTerminal(status) && run.finished_at !== null ? Date.parse(run.finished_at) : now,
  );
  return (
    <header className="flex shrink-0 flex-wrap items-start gap-x-4 gap-y-2 border-b bg-surface px-4 py-3">
      <div className="min-w-0 flex-1 basis-72">
        <div className="flex items-center gap-2">
          <Link
            href="/runs"
            aria-label="All runs"
            className="-ml-1 shrink-0 rounded-md text-ink-muted hover:text-ink"
          >
            <ChevronLeft aria-hidden className="size-5" />
          </Link>
          <h1
            className="min-w-0 truncate text-lg font-semibold max-lg:break-all max-lg:whitespace-normal"
            title={run.skill_id}
          >
            {run.skill_id}
            <span className="font-normal text-ink-muted">@{run.skill_version}</span>
          </h1>
          <StatusBadge status={status} />
        </div>
        <p role="status" className="mt-0.5 break-words text-ink-soft">
          {statusSentence({ ...run, status }, status, groups, now)}
        </p>
        {reason === null ? null : (
          <p className="line-clamp-2 text-ink-muted" title={reason}>
            “<bdi>{reason}</bdi>”
          </p>
        )}
        <Lineage run={run} />
      </div>
      <dl
        className="flex min-h-9 flex-wrap gap-x-5 gap-y-1 aria-hidden:invisible max-md:order-last max-md:basis-full"
        aria-hidden={groups.length === 0}
      >
        <Time name="Total" ms={times.total} />
        <Time name="Queued" ms={times.queue} />
        <Time name="Working" ms={times.work} />
        <Time name="Waiting" ms={times.wait} />
        {times.undo === 0 ? null : <Time name="Undoing" ms={times.undo} />}
        <Time name="Overhead" ms={times.overhead} />
      </dl>
      <div className="flex flex-wrap gap-2">
        <CompareWith runId={run.run_id} skillId={run.skill_id} />
        <ExportPackLink runId={run.run_id} />
        {run.parent === null ? <Rewind run={run} status={status} /> : null}
        {isTerminal(status) ? <StartAgain run={run} /> : null}
        <RunActions runId={run.run_id} status={status} onResumed={onResumed} />
      </div>
    </header>
  );
}

function Time({ name, ms }: { name: string; ms: number }) {
  return (
    <div>
      <dt className="text-xs text-ink-muted">{name}</dt>
      <dd className="font-medium whitespace-nowrap">{formatDuration(ms)}</dd>
    </div>
  );
}

function Lineage({ run }: { run: RunDetail }) {
  if (run.parent === null && run.source_run_id === null) return null;
  return (
    <p className="mt-0.5 text-ink-muted">
      {run.parent === null ? null : (
        <>
          Started by{" "}
          <Link
            className="mono text-accent hover:underline"
            href={`/runs/${run.parent.run_id}?step=${encodeURIComponent(run.parent.step_id)}`}
          >
            {run.parent.run_id}
          </Link>{" "}
          at {run.parent.step_path}.{" "}
        </>
      )}
      {run.source_run_id === null ? null : (
        <>
          Replays{" "}
          <Link className="mono text-accent hover:underline" href={`/runs/${run.source_run_id}`}>
            {run.source_run_id}
          </Link>
          .
        </>
      )}
    </p>
  );
}

/** Opens the plan of what would happen; nothing is done before it was seen. */
function Rewind({ run, status }: { run: RunDetail; status: RunStatus }) {
  const hasEnded = status === "failed" || status === "canceled";
  // What was undone is not gone on with.
  const isResumable = hasEnded && (run.compensation === "none" || run.compensation_error !== null);
  return (
    <>
      <Link href={planHref(run.run_id, { operation: "replay" })} className={buttonStyle()}>
        <History aria-hidden /> Replay…
      </Link>
      {isResumable ? (
        <Link href={planHref(run.run_id, { operation: "resume" })} className={buttonStyle()}>
          <CirclePlay aria-hidden /> Resume…
        </Link>
      ) : null}
    </>
  );
}

function StartAgain({ run }: { run: RunDetail }) {
  const query = new URLSearchParams({ version: run.skill_version, from: run.run_id });
  return (
    <Link
      href={`/registry/skills/${encodeURIComponent(run.skill_id)}/start?${query.toString()}`}
      className={buttonStyle()}
    >
      <RotateCcw aria-hidden /> Start again
    </Link>
  );
}
