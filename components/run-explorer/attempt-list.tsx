"use client";

import { RotateCcw } from "lucide-react";
import type { StepView } from "../../core/run-view.ts";
import { StatusBadge } from "../runs/status-badge.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { LiveDuration } from "../ui/live-duration.tsx";
import { Problem } from "../ui/problem.tsx";
import { RelativeTime } from "../ui/relative-time.tsx";

/** Each try of a step, the last one first, and when the next one is due. */
export function AttemptList({ view }: { view: StepView }) {
  if (view.attempts.length === 0)
    return <EmptyState icon={RotateCcw} title="The step has not been tried yet" />;
  return (
    <ol className="flex min-h-0 flex-1 flex-col gap-3 overflow-auto p-4" reversed>
      {view.status === "retry_scheduled" && view.due_at !== null ? (
        <li className="text-waiting">
          The next attempt is due <RelativeTime at={view.due_at} />.
        </li>
      ) : null}
      {view.attempts.toReversed().map((attempt) => (
        <li key={attempt.attempt} className="flex flex-col gap-2 rounded-lg border p-3">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <span className="font-medium">Attempt {attempt.attempt}</span>
            <StatusBadge status={attempt.status} />
            <span className="ml-auto text-ink-muted">
              <LiveDuration from={attempt.started_at} to={attempt.ended_at} /> ·{" "}
              <RelativeTime at={attempt.started_at} />
            </span>
          </div>
          {attempt.error === null ? null : <Problem error={attempt.error} />}
        </li>
      ))}
    </ol>
  );
}
