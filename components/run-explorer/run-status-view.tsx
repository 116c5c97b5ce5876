"use client";

import { Monitor } from "lucide-react";
import type { RunDetail } from "../../core/run-view.ts";
import { STATUS_STYLE, TONE_STYLE } from "../runs/status-style.ts";
import { classNames } from "../ui/class-names.ts";
import { LiveDuration } from "../ui/live-duration.tsx";
import { Problem } from "../ui/problem.tsx";
import { StateCounts } from "../run-graph/state-counts.tsx";
import type { StepGroup } from "./step-groups.ts";

/** How a run stands, for a screen without room for its graph: its error and its steps in order. */
export function RunStatusView({ run, groups }: { run: RunDetail; groups: readonly StepGroup[] }) {
  return (
    <div className="flex flex-col gap-4 p-4">
      {run.error === null ? null : <Problem error={run.error} />}
      <p className="flex items-center gap-2 text-ink-muted">
        <Monitor aria-hidden className="size-4 shrink-0" />
        The graph, the timeline and the payloads need a window of at least 1024 px.
      </p>
      <ol aria-label="Steps" className="flex flex-col divide-y rounded-lg border bg-surface">
        {groups.map(({ step, view, shown, counts, occurrences }) => {
          const { icon: Icon, label, tone } = STATUS_STYLE[shown];
          return (
            <li key={step.step_id} className="flex min-h-11 items-center gap-3 px-3 py-1.5">
              <Icon aria-hidden className={classNames("size-4 shrink-0", TONE_STYLE[tone].text)} />
              <span className="min-w-0 flex-1">
                <span className="block truncate font-medium">{step.step_id}</span>
                <span className="flex flex-wrap gap-x-2 text-sm text-ink-muted">
                  <span className={TONE_STYLE[tone].text}>{label}</span>
                  {counts.length === 0 ? null : (
                    <StateCounts counts={counts} total={view.loop?.count ?? occurrences.length} />
                  )}
                  {view.reason === null ? null : <span className="break-words">{view.reason}</span>}
                </span>
              </span>
              {view.started_at === null ? null : (
                <span className="text-sm text-ink-muted">
                  <LiveDuration from={view.started_at} to={view.ended_at} />
                </span>
              )}
            </li>
          );
        })}
      </ol>
    </div>
  );
}
