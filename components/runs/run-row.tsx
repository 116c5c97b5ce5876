"use client";

import Link from "next/link";
import type { CSSProperties } from "react";
import type { RunSummary } from "../../core/run-view.ts";
import { classNames } from "../ui/class-names.ts";
import { LiveDuration } from "../ui/live-duration.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import { StatusBadge } from "./status-badge.tsx";

/** The columns of the list, shared by its head and its rows; narrow screens fold them into two lines. */
export const RUN_COLUMNS =
  "md:grid md:grid-cols-[132px_minmax(160px,1fr)_minmax(120px,268px)_96px_96px_88px] md:items-center md:gap-4";

type RunRowProps = { run: RunSummary; isCurrent: boolean; index: number; style: CSSProperties };

/** One run of the list; the skill's link covers the whole row. */
export function RunRow({ run, isCurrent, index, style }: RunRowProps) {
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-current={isCurrent ? "true" : undefined}
      style={style}
      className={classNames(
        "absolute inset-x-0 flex flex-wrap content-center items-center gap-x-3 gap-y-1 border-b px-4 hover:bg-hover lg:px-6",
        RUN_COLUMNS,
        isCurrent && "bg-selected hover:bg-selected",
      )}
    >
      <span role="cell">
        <StatusBadge status={run.status} />
      </span>
      <span
        role="cell"
        className="min-w-0 truncate max-md:order-first max-md:basis-full max-md:font-medium"
      >
        <Link
          href={`/runs/${run.run_id}`}
          className="outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
        >
          {run.skill_id}
          <span className="text-ink-muted">@{run.skill_version}</span>
        </Link>
      </span>
      <span role="cell" className="mono truncate text-ink-muted max-md:hidden" title={run.run_id}>
        {run.run_id}
      </span>
      <span role="cell" className="truncate">
        {run.environment}
      </span>
      <span role="cell" className="text-ink-soft max-md:ml-auto">
        <RelativeTime at={run.started_at ?? run.created_at} />
      </span>
      <span role="cell" className="text-ink-soft md:text-right">
        {run.started_at === null ? (
          "–"
        ) : (
          <LiveDuration from={run.started_at} to={run.finished_at} />
        )}
      </span>
    </div>
  );
}
