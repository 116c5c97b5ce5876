"use client";

import { ArrowLeftRight } from "lucide-react";
import Link from "next/link";
import { sayRunDifferences } from "../../core/diff-words.ts";
import type { RunDiff, RunSide } from "../../core/run-diff-view.ts";
import { StatusBadge } from "../runs/status-badge.tsx";
import { buttonStyle } from "../ui/button.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { formatDuration } from "../ui/format-duration.ts";
import { PageHeader } from "../ui/page-header.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";
import { compareHref } from "./compare-href.ts";
import { SideTag } from "./side-tag.tsx";

/** What is compared: both runs side by side, and in a sentence how they differ as wholes. */
export function CompareHeader({ diff, step }: { diff: RunDiff; step: string | null }) {
  const { a, b, totals } = diff;
  return (
    <>
      <PageHeader
        title="Compare runs"
        actions={
          <>
            <Link
              href={compareHref({ a: a.run_id, b: null, step: null })}
              className={buttonStyle({ look: "quiet" })}
            >
              Compare A with…
            </Link>
            <Link href={compareHref({ a: b.run_id, b: a.run_id, step })} className={buttonStyle()}>
              <ArrowLeftRight aria-hidden /> Swap
            </Link>
          </>
        }
      >
        {sayRunDifferences(diff)}
      </PageHeader>
      <div className="grid shrink-0 border-b bg-surface md:grid-cols-2 md:divide-x max-md:divide-y">
        <RunHead side="A" run={a} effects={totals.effects.a} />
        <RunHead side="B" run={b} effects={totals.effects.b} />
      </div>
    </>
  );
}

function RunHead({ side, run, effects }: { side: "A" | "B"; run: RunSide; effects: number }) {
  return (
    <section aria-label={`Run ${side}`} className="flex min-w-0 gap-3 px-4 py-2.5 lg:px-6">
      <SideTag side={side} />
      <div className="min-w-0 flex-1">
        <h2 className="flex items-center gap-2">
          <span className="min-w-0 truncate font-semibold" title={run.skill_id}>
            {run.skill_id}
            <span className="font-normal text-ink-muted">@{run.skill_version}</span>
          </span>
          <StatusBadge status={run.status} />
        </h2>
        <p className="flex min-w-0 items-center gap-1">
          <Link
            href={`/runs/${run.run_id}`}
            className="mono min-w-0 truncate text-accent hover:underline"
          >
            {run.run_id}
          </Link>
          <CopyButton text={run.run_id} label={`Copy the id of run ${side}`} />
        </p>
        <p className="flex flex-wrap gap-x-3 text-ink-muted">
          <span>{run.environment}</span>
          <span>
            {run.duration_ms === null ? "not ended" : `took ${formatDuration(run.duration_ms)}`}
          </span>
          <span>
            {effects} {effects === 1 ? "effect" : "effects"}
          </span>
          <span>
            started <RelativeTime at={run.started_at ?? run.created_at} />
          </span>
        </p>
      </div>
    </section>
  );
}
